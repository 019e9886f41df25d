//! Names by which clients reach the service.
//!
//! A page whose name its owner lets point at this machine ("DNS rebinding") is of the same origin as the service in
//! the eyes of a browser. The name in `Host` is the one thing that tells them apart.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{Version, header};

/// A name of the service or an address of it, in small letters and without a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// The names that a service is asked by: with an address on loopback, those that only this machine reaches
    /// and the named ones; with another, the named ones, or `None` for any.
    #[must_use]
    pub fn known(address: IpAddr, named: Vec<Self>) -> Option<Vec<Self>> {
        if address.is_loopback() {
            let own = match address {
                IpAddr::V4(address) => address.to_string(),
                IpAddr::V6(address) => format!("[{address}]"),
            };
            let own = ["localhost", "127.0.0.1", "[::1]", &own].map(|name| Self(name.to_owned()));
            return Some(own.into_iter().chain(named).collect());
        }
        (!named.is_empty()).then_some(named)
    }
}

impl From<&Authority> for Host {
    fn from(authority: &Authority) -> Self {
        let host = authority.host();
        Self(host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase())
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let authority = Authority::from_str(text).ok();
        // A port or a user would be lost.
        let host = authority.filter(|authority| authority.host() == text);
        let fault = || {
            "a host is a name or an address without a port, such as reports.example.gov.cn"
                .to_owned()
        };
        host.map(|authority| Self::from(&authority))
            .ok_or_else(fault)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host that a request names (RFC 9112, 3.2); `None` for one of HTTP/1.0 that names none.
pub(super) fn named(request: &Request) -> Result<Option<Authority>, &'static str> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return Err("请求有两个 Host");
    }
    if first.is_none() && request.version() >= Version::HTTP_11 {
        return Err("请求没有 Host");
    }
    if let Some(authority) = request.uri().authority() {
        return Ok(Some(authority.clone()));
    }
    let host = first.map(|host| Authority::try_from(host.as_bytes()));
    host.transpose().map_err(|_| "请求的 Host 不是主机名")
}
