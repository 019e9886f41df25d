//! The faults of pictures.

use crate::diagnostic::Said;

/// The fault of a picture, said of it, and the remedy.
pub(crate) type Fault = (Said, &'static str);

/// The fault of a picture that cannot be read.
pub(crate) fn broken() -> Fault {
    let hint = "用看图软件打开核对，重新导出为 PNG";
    ("不能解码".into(), hint)
}

/// The fault of a drawing with effects that take unbounded work, or that show what no printer does.
pub(super) fn filtered() -> Fault {
    (
        "含有滤镜或嵌入的网页内容".into(),
        "去掉阴影、纹理等效果，或导出为 PNG",
    )
}

/// The fault of a drawing that has too much of something.
pub(super) fn excessive(what: &str) -> Fault {
    (format!("太复杂：{what}").into(), "简化图形，或导出为 PNG")
}
