//! Reports of a plan: read where they are and written where their archive stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::answer::{Answer, Status};
use super::fault::{Fault, Rest};
use super::request::Request;
use crate::batch::Worked;
use crate::check::Policy;
use crate::error::Error;
use crate::pipeline::{PdfRenderer, Pipeline};
use crate::storage::{Location, OwnDisk, atomic};
use crate::typeset::ReportCopy;

/// What is kept from one report to the next.
#[derive(Default)]
pub(super) struct Tasks {
    /// Places by their names: a store has connections.
    places: Mutex<BTreeMap<PathBuf, Location>>,
}

impl Tasks {
    fn place(&self, name: &Path) -> Result<Location, Fault> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.get(name) {
            return Ok(place.clone());
        }
        let place = Location::new(name).map_err(Fault::Request)?;
        places.insert(name.to_owned(), place.clone());
        Ok(place)
    }

    /// Writes what was made to a path or a URL.
    pub(super) fn write(&self, out: &Path, content: &[u8]) -> Result<(), Fault> {
        let Some(url) = out.to_str().and_then(|out| out.strip_prefix("s3://")) else {
            let place = Location::new(out).map_err(Fault::Request)?;
            return Ok(atomic(place.folder(), content)?);
        };
        let parts = url.split_once('/');
        let Some((bucket, name)) =
            parts.filter(|(_, name)| !name.is_empty() && !name.ends_with('/'))
        else {
            return Err(Fault::Request("s3:// 的 out 没有文件名".to_owned()));
        };
        // Connections are the bucket's, whatever the folder.
        let place = self.place(format!("s3://{bucket}").as_ref())?;
        place.store(&OwnDisk).put(name, content)?;
        Ok(())
    }

    /// Makes a report of an archive.
    pub(super) fn make(
        &self,
        pipeline: &Pipeline,
        request: &Request,
        copy: &ReportCopy,
    ) -> Result<Rest, Fault> {
        let planned = request
            .archive
            .as_ref()
            .filter(|planned| planned.is_inside());
        let planned = planned.ok_or_else(|| {
            Fault::Request("to: archive 要有 archive，其 path 在 sources 之内".to_owned())
        })?;
        if planned.engine != pipeline.inputs()?.digest() {
            return Err(Error::OtherEngine.into());
        }
        let policy = Policy::new(request.as_published, &planned.deny, &planned.allow);
        let policy = policy.map_err(Fault::Request)?;
        let sources = self.place(planned.sources.as_ref())?;
        let output = self.place(planned.output.as_ref())?;
        let hierarchy = planned.hierarchy_in(sources.folder());
        let examiner = pipeline.examiner(sources.files(), policy, &hierarchy)?;
        // Nobody asks how long it took.
        let clock = || Duration::ZERO;
        let renderer = PdfRenderer::new(pipeline, copy, clock)?.reading(sources.files());
        let archive = output.store(&OwnDisk);
        let worked = planned.work(sources.folder(), &*archive, &examiner, &renderer);
        let planned = planned.clone();
        Ok(Box::new(move || {
            let archive = output.store(&OwnDisk);
            let worked = planned.write(sources.folder(), &*archive, worked);
            Ok(Answer::from(worked))
        }))
    }
}

impl From<Worked> for Answer {
    fn from(worked: Worked) -> Self {
        let record = worked.record.as_ref();
        let status = match &worked.failed {
            Some(_) => Status::Failed,
            None if record.is_some_and(|record| record.failure.is_some()) => Status::Faulty,
            None => Status::Done,
        };
        Self {
            message: worked.failed,
            record: worked.record.map(Box::new),
            stamp: worked.stamp,
            ..Self::empty(status)
        }
    }
}
