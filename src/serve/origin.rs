//! Origins of pages.

use std::str::FromStr;

use axum::http::HeaderValue;

/// The origin of a page (RFC 6454), such as `https://www.example.gov.cn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub(super) HeaderValue);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let header = HeaderValue::from_str(text).ok();
        let rest = text
            .strip_prefix("https://")
            .or(text.strip_prefix("http://"));
        let is_origin =
            rest.is_some_and(|host| !host.is_empty() && !host.contains(['/', ',', ' ']));
        let fault = || "an origin is such as https://www.example.gov.cn".to_owned();
        header.filter(|_| is_origin).map(Self).ok_or_else(fault)
    }
}
