//! Tasks of plans: reports read where they are, PDFs written where their archive stands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::answer::Answer;
use super::apart::Apart;
use super::renderer::ApartRenderer;
use super::request_error::{RequestError, Rest};
use crate::batch::{Status, Task, TaskResult};
use crate::check::Policy;
use crate::error::Error;
use crate::pipeline::{PdfRenderer, Pipeline, Renderer};
use crate::storage::{Location, OwnDisk, atomic};
use crate::typeset::ReportCopy;

/// The locations that are kept from one task to the next.
#[derive(Default)]
pub(super) struct Tasks {
    /// Locations by their names: a store has connections.
    places: Mutex<BTreeMap<PathBuf, Location>>,
}

impl Tasks {
    fn place(&self, name: &Path) -> Result<Location, RequestError> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.get(name) {
            return Ok(place.clone());
        }
        let place = Location::new(name).map_err(RequestError::Request)?;
        places.insert(name.to_owned(), place.clone());
        Ok(place)
    }

    /// Writes a file to a path or a URL.
    pub(super) fn write(&self, out: &Path, content: &[u8]) -> Result<(), RequestError> {
        let Some(url) = out.to_str().and_then(|out| out.strip_prefix("s3://")) else {
            if out == Path::new("-") {
                let message = "out 是文件的路径；标准输出是 worker 自己的".to_owned();
                return Err(RequestError::Request(message));
            }
            let place = Location::new(out).map_err(RequestError::Request)?;
            return Ok(atomic(&OwnDisk, place.folder(), content)?);
        };
        let parts = url.split_once('/');
        let Some((bucket, name)) =
            parts.filter(|(_, name)| !name.is_empty() && !name.ends_with('/'))
        else {
            return Err(RequestError::Request("s3:// 的 out 没有文件名".to_owned()));
        };
        // Connections are the bucket's, whatever the folder.
        let place = self.place(format!("s3://{bucket}").as_ref())?;
        place.store(&OwnDisk).put(name, content)?;
        Ok(())
    }

    /// Makes a report of a plan.
    pub(super) fn make(
        &self,
        pipeline: &Pipeline,
        task: &Task,
        copy: &ReportCopy,
        as_published: bool,
        apart: Option<&Apart>,
    ) -> Result<Rest, RequestError> {
        if task.engine != pipeline.inputs()?.digest() {
            return Err(Error::OtherEngine.into());
        }
        let policy = Policy::new(as_published, &task.deny, &task.allow);
        let policy = policy.map_err(RequestError::Request)?;
        let sources = self.place(task.sources.as_ref())?;
        let output = self.place(task.output.as_ref())?;
        let hierarchy = task.hierarchy_in(sources.folder());
        let examiner = pipeline.examiner(sources.files(), policy, &hierarchy)?;
        // Nobody asks how long it took.
        let clock = || Duration::ZERO;
        let own = PdfRenderer::new(pipeline, copy, clock)?.reading(sources.files());
        let apart =
            apart.map(|apart| ApartRenderer::new(&own, apart, copy, sources.files(), clock));
        let renderer = apart.as_ref().map_or(&own as &dyn Renderer, |apart| apart);
        let archive = output.store(&OwnDisk);
        let result = task.work(sources.folder(), &*archive, &examiner, renderer);
        let task = task.clone();
        Ok(Box::new(move || {
            let archive = output.store(&OwnDisk);
            let result = task.write(sources.folder(), &*archive, result);
            Ok(Answer::from(result))
        }))
    }
}

impl From<TaskResult> for Answer {
    fn from(result: TaskResult) -> Self {
        let record = result.record.as_ref();
        let status = match &result.failed {
            Some(_) => Status::Failed,
            None if record.is_some_and(|record| record.failure.is_some()) => Status::Faulty,
            None => Status::Done,
        };
        Self {
            message: result.failed,
            record: result.record.map(Box::new),
            ..Self::empty(status)
        }
    }
}
