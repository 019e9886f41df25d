//! The faults of pictures.

/// The fault of a picture, said of it, and the remedy.
pub(crate) type Fault = (String, &'static str);

/// The fault of a picture that cannot be read.
pub(crate) fn broken() -> Fault {
    let hint = "用看图软件打开核对，重新导出为 PNG";
    ("不能解码".to_owned(), hint)
}

/// The fault of a drawing with effects that take unbounded work, or that show what no printer does.
pub(super) fn filtered() -> Fault {
    let message = "含有滤镜或嵌入的网页内容".to_owned();
    (message, "去掉阴影、纹理等效果，或导出为 PNG")
}

/// The fault of a drawing that has too much of something.
pub(super) fn excessive(what: &str) -> Fault {
    (format!("太复杂：{what}"), "简化图形，或导出为 PNG")
}
