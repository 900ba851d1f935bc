//! Where reports go.
//!
//! `--format` and `-o` pair in the order in which they stand: each `-o` takes the format before it, or the one that its
//! extension tells; a format that no `-o` takes goes to standard output.

use anyhow::{Context, bail};
use assay_report::Format;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// One report to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// Standard output when absent.
    pub(crate) file: Option<PathBuf>,
}

/// Pairs formats with files; each comes with its position on the command line.
pub(crate) fn pair(formats: &[(usize, Format)], files: &[(usize, PathBuf)]) -> anyhow::Result<Vec<Output>> {
    enum Word<'a> {
        Format(Format),
        File(&'a Path),
    }
    let mut words: Vec<(usize, Word<'_>)> = formats.iter().map(|(at, format)| (*at, Word::Format(*format))).collect();
    words.extend(files.iter().map(|(at, file)| (*at, Word::File(file))));
    words.sort_by_key(|(at, _)| *at);
    let mut outputs = Vec::new();
    let mut pending = None;
    for (_, word) in words {
        match word {
            Word::Format(format) => {
                let before = pending.replace(format);
                outputs.extend(before.map(|format| Output { format, file: None }));
            }
            Word::File(file) => {
                let Some(format) = pending.take().or_else(|| by_extension(file)) else {
                    bail!("the format of {} is not known; put --format before -o", file.display());
                };
                outputs.push(Output { format, file: (file != Path::new("-")).then(|| file.to_path_buf()) });
            }
        }
    }
    outputs.extend(pending.map(|format| Output { format, file: None }));
    if outputs.is_empty() {
        outputs.push(Output { format: Format::Text, file: None });
    }
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        bail!("only one report can go to standard output; put -o FILE behind the --format of the others");
    }
    Ok(outputs)
}

fn by_extension(file: &Path) -> Option<Format> {
    match file.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "json" => Some(Format::Json),
        "sarif" => Some(Format::Sarif),
        "md" | "markdown" => Some(Format::Markdown),
        "html" | "htm" => Some(Format::Html),
        "xml" => Some(Format::Junit),
        "txt" => Some(Format::Text),
        _ => None,
    }
}

/// Writes a file, or standard output, in one go.
pub(crate) fn write(file: Option<&Path>, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(path) = file {
        return std::fs::write(path, bytes).with_context(|| path.display().to_string());
    }
    let mut out = io::stdout().lock();
    or_broken_pipe(out.write_all(bytes).and_then(|()| out.flush()))
}

/// A reader that has gone away wants no more; that is no error.
pub(crate) fn or_broken_pipe(result: io::Result<()>) -> anyhow::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("standard output"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paired(formats: &[(usize, Format)], files: &[(usize, &str)]) -> Result<Vec<(Format, Option<String>)>, String> {
        let files: Vec<(usize, PathBuf)> = files.iter().map(|(at, file)| (*at, PathBuf::from(file))).collect();
        let outputs = pair(formats, &files).map_err(|error| error.to_string())?;
        let shown = |file: PathBuf| file.to_string_lossy().into_owned();
        Ok(outputs.into_iter().map(|output| (output.format, output.file.map(shown))).collect())
    }

    #[test]
    fn formats_pair_with_the_file_behind_them() {
        let file = |name: &str| Some(name.to_owned());
        assert_eq!(paired(&[], &[]), Ok(vec![(Format::Text, None)]));
        assert_eq!(paired(&[(1, Format::Json)], &[]), Ok(vec![(Format::Json, None)]));
        assert_eq!(
            paired(&[(1, Format::Json), (3, Format::Sarif), (5, Format::Text)], &[(2, "a"), (4, "b")]),
            Ok(vec![(Format::Json, file("a")), (Format::Sarif, file("b")), (Format::Text, None)])
        );
        assert_eq!(
            paired(&[], &[(1, "a.sarif"), (2, "b.md")]),
            Ok(vec![(Format::Sarif, file("a.sarif")), (Format::Markdown, file("b.md"))])
        );
        assert_eq!(paired(&[(1, Format::Json)], &[(2, "-")]), Ok(vec![(Format::Json, None)]));
        assert!(paired(&[(1, Format::Json), (2, Format::Text)], &[]).is_err());
        assert!(paired(&[], &[(1, "report")]).is_err());
    }
}
