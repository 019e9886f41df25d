//! What is said of a place that is written wrongly to those who have not written it, and what they can do.

pub(super) const NOT_READ: &str = "这一处没有读懂";
pub(super) const TO_FILL_IN: &str = "核对原来的文件，把内容填写到表单中";
