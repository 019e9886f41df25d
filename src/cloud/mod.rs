//! Stores of objects that speak S3 (OSS, OBS, `MinIO`, Ceph and others), through the crate `object_store`.
//!
//! This room, and with it all that connects to others over a network, exists only with the feature `cloud`.
//! The place of the store and the credentials are taken from the environment, as `object_store` documents it
//! (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`, `AWS_REGION`, `AWS_ALLOW_HTTP` …). The
//! messages of the store are never repeated, because they may name the client.

mod fault;
mod patience;

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

use futures_util::{StreamExt, TryStreamExt, stream};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use object_store::{
    ClientConfigKey, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, PutResult,
};
use tokio::runtime::Runtime;

use self::patience::{BY_ITSELF, again};
use crate::source::Files;

/// The most objects that are read, written or removed at once.
const AT_ONCE: usize = 16;
/// The longest key in bytes, set by S3.
const LONGEST_KEY: usize = 1024;
/// The bytes read or written in one request (16 MiB), so that the 30 seconds that `object_store` gives one
/// are enough on 5 Mbit/s. S3 sets 5 MiB at least and 10,000 parts at most.
const PART: u64 = 16 << 20;
/// The objects of a store below a prefix. Names are keys below it, parted by `/`.
#[derive(Clone, Debug)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: String,
    url: String,
}

/// The metadata of an object, known without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its size in bytes.
    pub bytes: u64,
    /// The tag by which the store tells one content from another, if it has one.
    pub tag: Option<String>,
}

impl Object {
    fn of(meta: ObjectMeta) -> Self {
        Self {
            bytes: meta.size,
            tag: meta.e_tag,
        }
    }
}

impl Bucket {
    /// The objects below an `s3://bucket/prefix` URL. No request is made yet.
    ///
    /// # Errors
    /// The fault of the URL or of the environment.
    pub fn open(url: &str) -> Result<Self, String> {
        let shown = url.trim_end_matches('/');
        let rest = shown.strip_prefix("s3://").unwrap_or_default();
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() || bucket.contains('@') || shown.contains(['?', '#']) {
            // Credentials in a URL would be seen by all who see the command.
            return Err(
                "an s3:// URL has a bucket and perhaps a prefix, and nothing else".to_owned(),
            );
        }
        let prefix = Key::parse(prefix)
            .map_err(|_| "an s3:// URL has a prefix that is no key".to_owned())?;
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket);
        if let Some(unfit) = unfit(&store) {
            return Err(unfit.to_owned());
        }
        let store = store.with_retry(BY_ITSELF).build();
        let store =
            store.map_err(|_| "AWS_… in the environment do not describe a store".to_owned())?;
        Ok(Self::of(Arc::new(store), prefix.as_ref(), shown))
    }

    /// The objects of an existing store.
    #[must_use]
    pub fn of(store: Arc<dyn ObjectStore>, prefix: &str, url: &str) -> Self {
        Self {
            store,
            prefix: prefix.to_owned(),
            url: url.to_owned(),
        }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// At most `limit` bytes of an object, and one more.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    pub fn get(&self, name: &str, limit: usize) -> io::Result<Vec<u8>> {
        let key = self.key(name)?;
        done(self.content(&key, limit))
    }

    /// The contents of the objects with these names.
    ///
    /// # Errors
    /// When one is not there or cannot be read.
    pub fn get_all<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> io::Result<Vec<Vec<u8>>> {
        let keys = self.keys(names)?;
        let contents = keys.iter().map(|key| self.content(key, usize::MAX >> 1));
        done(stream::iter(contents).buffered(AT_ONCE).try_collect())
    }

    async fn content(&self, key: &Key, limit: usize) -> object_store::Result<Vec<u8>> {
        let limit = (limit as u64).saturating_add(1);
        let (meta, mut content) = again(async || {
            let found = self.store.get(key).await?;
            let (meta, end) = (found.meta.clone(), found.meta.size.min(limit));
            let whole = end == meta.size && end <= PART;
            let content = if whole {
                found.bytes().await?.into()
            } else {
                Vec::new()
            };
            Ok((meta, content))
        })
        .await?;
        let end = meta.size.min(limit);
        while (content.len() as u64) < end {
            // Another object may have taken its place meanwhile: its parts are refused.
            let from = content.len() as u64;
            let options = GetOptions {
                range: Some(GetRange::Bounded(from..end.min(from + PART))),
                if_match: meta.e_tag.clone(),
                ..GetOptions::default()
            };
            let more = again(async || {
                let found = self.store.get_opts(key, options.clone()).await?;
                found.bytes().await
            });
            content.extend_from_slice(&more.await?);
        }
        Ok(content)
    }

    /// The metadata of an object; `None` if there is none.
    ///
    /// # Errors
    /// When the store does not tell.
    pub fn head(&self, name: &str) -> io::Result<Option<Object>> {
        let key = self.key(name)?;
        match done(again(async || self.store.head(&key).await)) {
            Ok(meta) => Ok(Some(Object::of(meta))),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// All objects below a name, sorted.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub fn list(&self, below: &str) -> io::Result<Vec<(String, Object)>> {
        let key = if below.is_empty() {
            Key::parse(&self.prefix).unwrap_or_default()
        } else {
            self.key(below)?
        };
        let mut listed: Vec<ObjectMeta> = Vec::new();
        let all = async {
            // A list that is broken off goes on behind what has come of it.
            let mut whole = false;
            while !whole {
                let more = again(async || {
                    let mut pages = match listed.last() {
                        Some(last) => self.store.list_with_offset(Some(&key), &last.location),
                        None => self.store.list(Some(&key)),
                    };
                    let mut more = Vec::new();
                    while let Some(object) = pages.next().await {
                        match object {
                            Ok(object) => more.push(object),
                            Err(_) if !more.is_empty() => return Ok((more, false)),
                            Err(error) => return Err(error),
                        }
                    }
                    Ok((more, true))
                });
                let (more, ended) = more.await?;
                listed.extend(more);
                whole = ended;
            }
            Ok(())
        };
        waited(all, fault::of_list)?;
        let named = |meta: ObjectMeta| {
            let name = meta.location.as_ref().strip_prefix(self.prefix.as_str())?;
            Some((name.trim_start_matches('/').to_owned(), Object::of(meta)))
        };
        let mut objects: Vec<_> = listed.into_iter().filter_map(named).collect();
        objects.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(objects)
    }

    /// Writes objects, each whole or not at all, several at once. An invalid name costs only its own object.
    ///
    /// # Errors
    /// When the store refuses one; others then may or may not be there.
    pub fn put(&self, items: &[(&str, &[u8])]) -> io::Result<Vec<io::Result<Object>>> {
        let puts = items.iter().map(async |(name, content)| {
            let key = match self.key(name) {
                Ok(key) => key,
                Err(fault) => return Ok(Err(fault)),
            };
            let put = again(async || self.put_one(&key, content).await).await?;
            Ok(Ok(Object {
                bytes: content.len() as u64,
                tag: put.e_tag,
            }))
        });
        done(stream::iter(puts).buffered(AT_ONCE).try_collect())
    }

    async fn put_one(&self, key: &Key, content: &[u8]) -> object_store::Result<PutResult> {
        if content.len() as u64 <= PART {
            return self.store.put(key, content.to_vec().into()).await;
        }
        // In its place it is only once it is complete.
        let mut upload = self.store.put_multipart(key).await?;
        let parts = async {
            for part in content.chunks(usize::try_from(PART).unwrap_or(usize::MAX)) {
                upload.put_part(part.to_vec().into()).await?;
            }
            upload.complete().await
        };
        let put = parts.await;
        if put.is_err() {
            let _ = upload.abort().await; // the store would keep the parts
        }
        // Of an upload that was completed, though its answer was lost, a store may know nothing any more.
        put.map_err(|error| match error {
            object_store::Error::NotFound { .. } => object_store::Error::Generic {
                store: "S3",
                source: "the upload is gone".into(),
            },
            error => error,
        })
    }

    /// Removes objects, those that exist, several at once.
    ///
    /// # Errors
    /// When the store refuses.
    pub fn remove<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        let keys = self.keys(names)?;
        let removed =
            keys.iter().map(
                async |key| match again(async || self.store.delete(key).await).await {
                    Err(object_store::Error::NotFound { .. }) => Ok(()),
                    removed => removed,
                },
            );
        done(stream::iter(removed).buffered(AT_ONCE).try_collect())
    }

    fn keys<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> io::Result<Vec<Key>> {
        names.into_iter().map(|name| self.key(name)).collect()
    }

    fn key(&self, name: &str) -> io::Result<Key> {
        let key = match self.prefix.as_str() {
            "" => name.to_owned(),
            prefix => format!("{prefix}/{name}"),
        };
        let key = Key::parse(key)
            .ok()
            .filter(|key| key.as_ref().len() <= LONGEST_KEY);
        key.ok_or_else(|| {
            let fault = "a store takes no such name";
            io::Error::new(io::ErrorKind::InvalidInput, fault)
        })
    }
}

/// The files of a bucket, below `/`.
impl Files for Bucket {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.get(&name_of(path)?, limit)
    }

    fn is_file(&self, path: &Path) -> io::Result<bool> {
        Ok(self.head(&name_of(path)?)?.is_some())
    }

    fn whole(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(Path::new("/").join(name_of(path)?))
    }

    fn passes(&self, fault: &io::Error) -> bool {
        // A store that refuses does not say that there is nothing.
        !matches!(
            fault.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::InvalidInput
        )
    }
}

/// The name of a path, without detours.
fn name_of(path: &Path) -> io::Result<String> {
    let mut names = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => {
                names.push(name.to_str().ok_or(io::ErrorKind::InvalidInput)?);
            }
            Component::ParentDir => drop(names.pop()),
            _ => {}
        }
    }
    Ok(names.join("/"))
}

/// The fault of the variables that name the store.
fn unfit(store: &AmazonS3Builder) -> Option<&'static str> {
    let value = |key| store.get_config_value(&key);
    let endpoint =
        value(AmazonS3ConfigKey::S3Endpoint).or_else(|| value(AmazonS3ConfigKey::Endpoint));
    let Some(endpoint) = endpoint else {
        // Nobody means the other end of the world by saying nothing.
        let nowhere = value(AmazonS3ConfigKey::Region).is_none();
        return nowhere
            .then_some("AWS_ENDPOINT has to say where the store is, or AWS_REGION for AWS");
    };
    let allows = value(AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp));
    let yes = ["1", "true", "on", "yes", "y"]; // as `object_store` reads it
    let allows = allows.is_some_and(|said| yes.contains(&said.to_ascii_lowercase().as_str()));
    let endpoint = endpoint.parse::<hyper::Uri>().ok();
    match endpoint.as_ref().and_then(hyper::Uri::scheme_str) {
        Some("https") => None,
        Some("http") if allows => None,
        Some("http") => Some("AWS_ENDPOINT is http://, which needs AWS_ALLOW_HTTP=true"),
        _ => Some("AWS_ENDPOINT has to be an address that begins with https:// or http://"),
    }
}

/// The result of a request to a store, waited for.
fn done<T>(asked: impl Future<Output = object_store::Result<T>>) -> io::Result<T> {
    waited(asked, fault::of)
}

/// The result of a request to a store, waited for, with faults put into words by `said`.
fn waited<T>(
    asked: impl Future<Output = object_store::Result<T>>,
    said: fn(&object_store::Error) -> io::Error,
) -> io::Result<T> {
    let answer = runtime()?.block_on(asked);
    answer.map_err(|error| said(&error))
}

/// The runtime of requests to stores. Callers are threads of their own and wait for it.
fn runtime() -> io::Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build()?;
    Ok(RUNTIME.get_or_init(|| runtime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_that_name_no_store_are_told() {
        let store = AmazonS3Builder::new;
        let at = |endpoint: &str| store().with_endpoint(endpoint);
        let https = at("https://oss-cn-hangzhou.aliyuncs.com");
        for fit in [
            store().with_region("cn-north-1"),
            https,
            at("http://127.0.0.1:9000").with_allow_http(true),
        ] {
            assert_eq!(unfit(&fit), None);
        }
        for (store, told) in [
            (store(), "AWS_ENDPOINT has to say"),
            (at("oss-cn-hangzhou.aliyuncs.com"), "begins with https://"),
            (at("127.0.0.1:9000"), "begins with https://"),
            (at("https://a b"), "begins with https://"),
            (at(""), "begins with https://"),
            (at("http://127.0.0.1:9000"), "AWS_ALLOW_HTTP=true"),
        ] {
            let unfit = unfit(&store).unwrap_or_default();
            assert!(unfit.contains(told), "{unfit}");
        }
    }
}
