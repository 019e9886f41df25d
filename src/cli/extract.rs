//! `nianbao extract`: the report file and its figures, out of the PDF of an archive.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::Extract;
use super::exit::Exit;
use super::pdf::{self, read_pdf, refuse};
use super::print::{complain, say};
use crate::error::Error;
use crate::pdf_reader::PdfFile;
use crate::storage::{self, OwnDisk};

pub(super) fn run(arguments: &Extract, is_apart: bool) -> Result<Exit, Error> {
    if !is_apart {
        return pdf::apart(&arguments.pdf);
    }
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
    let mut new = Vec::new();
    for file in &files {
        match standing(folder, &file.name, &file.bytes) {
            Standing::Nothing => new.push((folder.join(&file.name), &file.bytes[..])),
            Standing::Same => {}
            Standing::Other(path) => {
                let path = path.display();
                complain(&format!("error: {path} 已经存在，内容不同；换一个文件夹\n"));
                return Ok(Exit::WrongUsage);
            }
        }
    }
    storage::together(&OwnDisk, &new)?;
    for file in &files {
        let (path, size) = (folder.join(&file.name), file.bytes.len());
        say(&format!("已取出 {}：{size} 字节", path.display()));
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

/// What stands at the path of a file before it is taken out.
enum Standing {
    Nothing,
    /// The same file.
    Same,
    /// Something else, at the path or in the place of one of its folders.
    Other(PathBuf),
}

/// What stands at the path of a file below a folder. A link there is something else: it would lead out of the
/// folder. What is no regular file is not read.
fn standing(folder: &Path, name: &str, content: &[u8]) -> Standing {
    let mut path = folder.to_owned();
    let mut steps = name.split('/').peekable();
    while let Some(step) = steps.next() {
        path.push(step);
        let Ok(found) = fs::symlink_metadata(&path) else {
            return Standing::Nothing;
        };
        let same = || found.is_file() && fs::read(&path).is_ok_and(|read| read == content);
        match steps.peek() {
            Some(_) if found.is_dir() => {}
            None if same() => return Standing::Same,
            _ => break,
        }
    }
    Standing::Other(path)
}
