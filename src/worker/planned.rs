//! Reports of a plan: read where they are and written where their archive stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::{Answer, Fault, Request, Status, To, Worker};
use crate::archive::{OwnDisk, PdfPress, Place, Settings, atomic};
use crate::check::Policy;
use crate::typeset::Purpose;

/// What is kept from one report to the next.
#[derive(Default)]
pub(super) struct Kept {
    /// Places by their names: a store has connections.
    places: Mutex<BTreeMap<PathBuf, Place>>,
    settings: OnceLock<Settings>,
}

impl Kept {
    fn place(&self, name: &Path) -> Result<Place, Fault> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.get(name) {
            return Ok(place.clone());
        }
        let place = Place::new(name).map_err(Fault::Request)?;
        places.insert(name.to_owned(), place.clone());
        Ok(place)
    }
}

impl Worker {
    /// Makes a report of an archive, or repeats what is to be said of one.
    pub(super) fn planned(&self, request: &Request, purpose: &Purpose) -> Result<Answer, Fault> {
        if request.to == To::Record {
            return Ok(Answer {
                record: request.record.clone(),
                ..Answer::empty(Status::Done)
            });
        }
        let planned = request
            .archive
            .as_ref()
            .filter(|planned| planned.is_inside());
        let planned = planned.ok_or_else(|| {
            Fault::Request("to: archive 要有 archive，其 path 在 sources 之内".to_owned())
        })?;
        let policy = Policy::new(request.as_published, &planned.deny, &planned.allow);
        let policy = policy.map_err(Fault::Request)?;
        let sources = self.planned.place(planned.sources.as_ref())?;
        let output = self.planned.place(planned.output.as_ref())?;
        let hierarchy = planned.hierarchy_in(sources.folder());
        let examiner = self.examiner.of(sources.files(), policy, &hierarchy)?;
        let settings = if let Some(settings) = self.planned.settings.get() {
            settings.clone()
        } else {
            let settings = Settings::of(&self.engine, &self.editions)?;
            self.planned.settings.get_or_init(|| settings).clone()
        };
        // Nobody asks how long it took.
        let clock = || Duration::ZERO;
        let press = PdfPress::with(&self.engine, purpose, settings, clock).reading(sources.files());
        let output = output.output(&OwnDisk);
        let worked = planned.work(sources.folder(), &*output, &examiner, &press);
        let is_faulty = worked
            .record
            .as_ref()
            .is_some_and(|record| record.failure.is_some());
        let status = match &worked.failed {
            Some(_) => Status::Failed,
            None if is_faulty => Status::Faulty,
            None => Status::Done,
        };
        Ok(Answer {
            message: worked.failed,
            record: worked.record.map(Box::new),
            ..Answer::empty(status)
        })
    }

    /// Writes what was made to a path or a URL.
    pub(super) fn write(&self, out: &Path, content: &[u8]) -> Result<(), Fault> {
        let Some(url) = out.to_str().filter(|out| out.starts_with("s3://")) else {
            let place = Place::new(out).map_err(Fault::Request)?;
            return Ok(atomic(place.folder(), content)?);
        };
        let parts = url.rsplit_once('/');
        let parts = parts.filter(|(folder, name)| *folder != "s3:/" && !name.is_empty());
        let Some((folder, name)) = parts else {
            return Err(Fault::Request(format!("{url} 没有文件名")));
        };
        let place = self.planned.place(folder.as_ref())?;
        Ok(place.output(&OwnDisk).put(name, content)?)
    }
}
