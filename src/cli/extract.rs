//! `nianbao extract`: the report file and its figures, out of the PDF of an archive.

use crate::storage;
use std::fs;
use std::path::Path;

use super::args::Extract;
use super::exit::Exit;
use super::pdf::{read_pdf, refuse};
use super::print::{complain, say};
use crate::error::Error;
use crate::pdf_reader::{Kept, PdfFile};

pub(super) fn run(arguments: &Extract) -> Result<Exit, Error> {
    let folder = arguments.folder.as_deref().unwrap_or(Path::new("."));
    let pdf = &arguments.pdf;
    let taken = PdfFile::open(&read_pdf(pdf)?).and_then(|record| {
        let files = record.files()?;
        let own = record.are_own(&files);
        Ok((files, own))
    });
    let (files, own) = match taken {
        Ok(taken) => taken,
        Err(fault) => return Ok(refuse(pdf, &fault)),
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
        let pdf = pdf.display();
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
    storage::atomic(&path, &file.bytes)?;
    say(&format!(
        "已取出 {}：{} 字节",
        path.display(),
        file.bytes.len()
    ));
    Ok(())
}
