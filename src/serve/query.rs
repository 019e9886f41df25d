//! Parameters of addresses.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// The most characters of a parameter's name in a problem.
const LONGEST: usize = 40;

/// The parameters of a request; one that is wrong is named.
#[derive(Debug)]
pub(super) struct Parameters<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let read = |query: &str| {
            let uri = Uri::try_from(format!("/?{query}")).ok()?;
            Query::<T>::try_from_uri(&uri).ok()
        };
        if let Some(Query(parameters)) = read(query) {
            return Ok(Self(parameters));
        }
        // Each is good or wrong by itself, but for one that is given twice.
        let mut seen = Vec::new();
        let wrong = query.split('&').find(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let twice = seen.contains(&name);
            seen.push(name);
            twice || read(pair).is_none()
        });
        let name = wrong.and_then(|pair| pair.split('=').next());
        let name = percent_decode_str(name.unwrap_or_default()).decode_utf8_lossy();
        let name: String = name.chars().take(LONGEST).collect();
        let detail = format!("地址中的参数 {name} 不对，见 /api/");
        Err(Problem::new(StatusCode::BAD_REQUEST, detail).of_parameter(&name))
    }
}
