//! `nianbao extract`: the report file and its figures, out of the PDF of an archive.

use std::fs;
use std::path::Path;

use super::args::Extract;
use super::{Exit, complain, say};
use crate::archive;
use crate::error::Error;
use crate::record::{self, Kept, Record};
use crate::source;

pub(super) fn run(arguments: &Extract) -> Result<Exit, Error> {
    let folder = arguments.folder.as_deref().unwrap_or(Path::new("."));
    let Some((files, own)) = taken(&arguments.pdf)? else {
        return Ok(Exit::ReportHasErrors);
    };
    // All or nothing: what is there already is only left alone if it is the same.
    for file in &files {
        let path = folder.join(&file.name);
        if path.exists() && !fs::read(&path).is_ok_and(|content| content == file.bytes) {
            let path = path.display();
            complain(&format!("error: {path} 已经存在，内容不同；换一个文件夹\n"));
            return Ok(Exit::WrongUsage);
        }
    }
    for file in &files {
        write(folder, file)?;
    }
    if !own {
        let pdf = arguments.pdf.display();
        complain(&format!(
            "warning: {pdf}：附件改动过，不是生成时的报告文件或者图片\n"
        ));
        return Ok(Exit::PartFailed);
    }
    Ok(Exit::Done)
}

fn write(folder: &Path, file: &Kept) -> Result<(), Error> {
    let path = folder.join(&file.name);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|cause| Error::write(parent, cause))?;
    archive::atomic(&path, &file.bytes)?;
    say(&format!(
        "已取出 {}：{} 字节",
        path.display(),
        file.bytes.len()
    ));
    Ok(())
}

/// The files in a PDF, and whether they are those that it was made from; none, with the reason printed,
/// where they cannot be taken.
fn taken(pdf: &Path) -> Result<Option<(Vec<Kept>, bool)>, Error> {
    let bytes =
        source::read(pdf, record::MAX_PDF_BYTES).map_err(|cause| Error::read(pdf, cause))?;
    let files = Record::open(&bytes).and_then(|record| {
        let files = record.files()?;
        let own = record.are_own(&files);
        Ok((files, own))
    });
    Ok(match files {
        Ok(files) => Some(files),
        Err(fault) => {
            complain(&format!("error: {}：{fault}\n", pdf.display()));
            None
        }
    })
}
