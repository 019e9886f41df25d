//! Origins of pages.

use std::str::FromStr;

use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderValue, Uri};

use super::host::Host;

/// The origin of a page as browsers write it (RFC 6454), such as `https://www.example.gov.cn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(pub(super) HeaderValue);

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || "an origin is such as https://www.example.gov.cn".to_owned();
        let uri: Uri = text.parse().map_err(|_| fault())?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(fault());
        };
        let usual = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return Err(fault()),
        };
        let port = authority.port_u16().filter(|port| *port != usual);
        let port = port.map_or(String::new(), |port| format!(":{port}"));
        // Browsers send no other form, so another would never be met.
        let sent = format!("{scheme}://{}{port}", authority.host().to_ascii_lowercase());
        if sent != text {
            return Err(format!("browsers write this origin as {sent}"));
        }
        HeaderValue::try_from(sent).map(Self).map_err(|_| fault())
    }
}

/// Whether an origin is that of the service which was asked as `host`. By the host alone, because whoever ends TLS
/// before the service has another scheme; by the port too where both name one.
pub(super) fn is_own(origin: &HeaderValue, host: &Authority) -> bool {
    let Ok(uri) = Uri::try_from(origin.as_bytes()) else {
        return false;
    };
    let is_page = [Some(&Scheme::HTTP), Some(&Scheme::HTTPS)].contains(&uri.scheme());
    let own = uri
        .authority()
        .filter(|own| Host::from(*own) == Host::from(host));
    let ports = own.map(|own| own.port_u16().zip(host.port_u16()));
    is_page && ports.is_some_and(|ports| ports.is_none_or(|(own, asked)| own == asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_of_browsers_is_an_origin() {
        for origin in [
            "https://www.example.gov.cn",
            "http://10.0.0.1:8080",
            "http://[::1]:3000",
        ] {
            assert!(origin.parse::<Origin>().is_ok(), "{origin}");
        }
        for (text, sent) in [
            ("https://WWW.example.gov.cn", "https://www.example.gov.cn"),
            ("https://www.example.gov.cn/", "https://www.example.gov.cn"),
            (
                "https://www.example.gov.cn/page",
                "https://www.example.gov.cn",
            ),
            (
                "https://www.example.gov.cn:443",
                "https://www.example.gov.cn",
            ),
            ("http://user@10.0.0.1:80", "http://10.0.0.1"),
        ] {
            assert!(
                text.parse::<Origin>().unwrap_err().ends_with(sent),
                "{text}"
            );
        }
        for text in [
            "",
            "*",
            "null",
            "www.example.gov.cn",
            "ftp://example.gov.cn",
            "https://",
            "https://人民.cn",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_own_origin_is_told_by_host_and_port() {
        let own = |origin: &'static str, host: &str| {
            is_own(&HeaderValue::from_static(origin), &host.parse().unwrap())
        };
        assert!(own("http://127.0.0.1:8787", "127.0.0.1:8787"));
        assert!(own(
            "https://reports.example.gov.cn",
            "Reports.example.gov.cn:8443"
        ));
        assert!(own(
            "https://reports.example.gov.cn:8443",
            "reports.example.gov.cn"
        ));
        assert!(!own("http://127.0.0.1:3000", "127.0.0.1:8787"));
        assert!(!own("https://example.gov.cn", "reports.example.gov.cn"));
        assert!(!own("null", "127.0.0.1:8787"));
        assert!(!own("ftp://127.0.0.1:8787", "127.0.0.1:8787"));
    }
}
