//! The files of a revision, read from the repository by the system's `git`.
//!
//! The repository is hostile: its configuration could name programs to run. So only two plumbing commands read from
//! it, `ls-tree` and `cat-file --batch`, which look at neither index nor working tree and apply no filter, text
//! conversion, hook or attribute. They are started with every way out closed: no replacement objects, no fetching of
//! missing objects, no transport at all, no locks, and no discovery above the folder that was found to be the
//! repository. Git's own refusal of repositories that belong to somebody else stays in force. What was read is
//! data: names are checked, sizes are bounded, and a command that says nothing for a minute is ended.

use crate::memory::MemorySystem;
use crate::system::{DirEntry, FileKind, System};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a command may be silent.
const PATIENCE: Duration = Duration::from_mins(1);
/// Bytes of the list of names.
const MAX_LIST_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes of the target of a link.
const MAX_LINK_BYTES: u64 = 4096;
/// Links whose target is read; others lead nowhere.
const MAX_LINKS: usize = 10_000;
/// Bytes kept of what git complains about.
const MAX_COMPLAINT_BYTES: u64 = 2_000;
/// Variables by which a caller (a hook, for one) would point git at another repository.
const LOCAL_VARIABLES: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// The files of one revision, at the places where the working tree has them.
#[derive(Debug)]
pub(crate) struct GitTree {
    /// The names; the files in it are empty.
    names: MemorySystem,
    /// The object of each file.
    blobs: BTreeMap<PathBuf, String>,
    objects: Mutex<Objects>,
}

impl GitTree {
    /// The files of `revision` in the repository at `root`, seen from the folder `current`.
    pub(crate) fn open(root: &Path, current: &Path, revision: &str) -> io::Result<Self> {
        let spelled = format!("{revision}^{{tree}}");
        let tree = output(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &spelled])?;
        let tree = String::from_utf8_lossy(&tree).trim().to_owned();
        if tree.len() < 40 || !tree.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(io::Error::new(io::ErrorKind::NotFound, format!("`{revision}` names no revision")));
        }
        let list = output(root, &["ls-tree", "-r", "-z", "--full-tree", &tree])?;
        let mut names = MemorySystem::new(current).with_dir(root.join(".git"));
        let mut blobs = BTreeMap::new();
        let mut links = Vec::new();
        for entry in list.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
            let Some((mode, object, path)) = entry_of(entry) else { continue };
            let path = root.join(path);
            match mode {
                "120000" => links.push((path, object.to_owned())),
                "160000" => names = names.with_dir(path),
                _ => {
                    names = names.with_file(path.clone(), b"");
                    blobs.insert(path, object.to_owned());
                }
            }
        }
        let mut objects = Objects::start(root)?;
        for (path, object) in links.into_iter().take(MAX_LINKS) {
            let target = objects.read(&object, MAX_LINK_BYTES)?;
            names = names.with_link(path, path_of(&target));
        }
        Ok(Self { names, blobs, objects: Mutex::new(objects) })
    }
}

impl System for GitTree {
    fn current_dir(&self) -> io::Result<PathBuf> {
        self.names.current_dir()
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.names.canonicalize(path)
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        self.names.kind(path)
    }

    fn read_dir(&self, path: &Path, limit: usize) -> io::Result<Option<Vec<DirEntry>>> {
        self.names.read_dir(path, limit)
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let path = self.names.canonicalize(path)?;
        let object = self.blobs.get(&path).ok_or(io::ErrorKind::NotFound)?;
        self.objects.lock().unwrap_or_else(PoisonError::into_inner).read(object, limit)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        self.names.read_link(path)
    }
}

/// Mode, object and path of an entry of a tree. A path that leads elsewhere, which git itself would not write, is none.
fn entry_of(entry: &[u8]) -> Option<(&str, &str, PathBuf)> {
    let tab = entry.iter().position(|byte| *byte == b'\t')?;
    let mut words = std::str::from_utf8(&entry[..tab]).ok()?.split(' ');
    let (mode, _kind, object) = (words.next()?, words.next()?, words.next()?);
    let path = path_of(&entry[tab + 1..]);
    let plain = path.components().all(|part| matches!(part, Component::Normal(name) if name != ".git"));
    (plain && object.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some((mode, object, path))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// `git` in the repository at `root`, with every way out closed.
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    for name in LOCAL_VARIABLES {
        command.env_remove(name);
    }
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_CEILING_DIRECTORIES", root.parent().unwrap_or(root))
        .env("LC_ALL", "C")
        .args(["--no-pager", "--no-optional-locks", "--no-replace-objects"])
        .args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.sshCommand=false"])
        .args(["-c", "core.gitProxy=", "-c", "protocol.allow=never", "-c", "core.multiPackIndex=false"])
        .arg("-C")
        .arg(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn spawn(mut command: Command) -> io::Result<Child> {
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::new(error.kind(), "reading a revision needs `git`, which was not found"),
        _ => error,
    })
}

/// What a command prints.
fn output(root: &Path, arguments: &[&str]) -> io::Result<Vec<u8>> {
    let mut command = git(root);
    command.args(arguments);
    let mut child = spawn(command)?;
    let complaint = child.stderr.take();
    // Both are read at once, so that neither pipe fills while the other is waited for.
    let complaint = std::thread::spawn(move || {
        let mut text = Vec::new();
        let mut complaint = complaint?;
        complaint.by_ref().take(MAX_COMPLAINT_BYTES).read_to_end(&mut text).ok()?;
        io::copy(&mut complaint, &mut io::sink()).ok()?;
        Some(String::from_utf8_lossy(&text).trim().to_owned())
    });
    let mut bytes = Vec::new();
    let read = match child.stdout.take() {
        Some(stdout) => Patient::new(stdout).take(MAX_LIST_BYTES + 1).read_to_end(&mut bytes).map(|_| ()),
        None => Ok(()),
    };
    if read.is_err() || bytes.len() as u64 > MAX_LIST_BYTES {
        let _ = child.kill();
        let _ = child.wait();
        read?;
        return Err(io::Error::other("the revision has too many files"));
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(bytes);
    }
    let complaint = complaint.join().ok().flatten().unwrap_or_default();
    Err(io::Error::other(if complaint.is_empty() { "no such revision".to_owned() } else { complaint }))
}

/// A `git cat-file --batch` that is asked for one object after the other.
#[derive(Debug)]
struct Objects {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<Patient>,
}

impl Objects {
    fn start(root: &Path) -> io::Result<Self> {
        let mut command = git(root);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = spawn(command)?;
        let questions = child.stdin.take();
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("git has no output"))?;
        Ok(Self { child, questions, answers: BufReader::new(Patient::new(stdout)) })
    }

    /// The first `limit` bytes of an object.
    fn read(&mut self, object: &str, limit: u64) -> io::Result<Vec<u8>> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(questions, "{object}")?;
        questions.flush()?;
        let mut head = Vec::new();
        self.answers.by_ref().take(200).read_until(b'\n', &mut head)?;
        let head = String::from_utf8_lossy(&head);
        let size = match head.split_whitespace().collect::<Vec<_>>().as_slice() {
            [_, "blob", size] => size.parse::<u64>().ok(),
            _ => None,
        };
        let Some(size) = size else {
            // Where the next answer begins is not known any more after an object of another kind.
            if !head.trim_end().ends_with(" missing") {
                self.questions = None;
            }
            return Err(io::Error::other("the repository does not have this file's object"));
        };
        let kept = size.min(limit);
        let mut bytes = Vec::new();
        self.answers.by_ref().take(kept).read_to_end(&mut bytes)?;
        io::copy(&mut self.answers.by_ref().take(size - kept + 1), &mut io::sink())?;
        Ok(bytes)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A pipe that is waited for so long and no longer.
#[derive(Debug)]
struct Patient {
    chunks: Receiver<io::Result<Vec<u8>>>,
    rest: Vec<u8>,
    at: usize,
}

impl Patient {
    fn new(mut pipe: impl Read + Send + 'static) -> Self {
        let (sender, chunks) = sync_channel(4);
        std::thread::spawn(move || {
            loop {
                let mut chunk = vec![0; 64 * 1024];
                let read = pipe.read(&mut chunk);
                let end = !matches!(read, Ok(length) if length > 0);
                let chunk = read.map(|length| {
                    chunk.truncate(length);
                    chunk
                });
                if sender.send(chunk).is_err() || end {
                    return;
                }
            }
        });
        Self { chunks, rest: Vec::new(), at: 0 }
    }
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.rest.len() {
            self.at = 0;
            self.rest = match self.chunks.recv_timeout(PATIENCE) {
                Ok(chunk) => chunk?,
                Err(RecvTimeoutError::Disconnected) => Vec::new(),
                Err(RecvTimeoutError::Timeout) => return Err(io::Error::new(io::ErrorKind::TimedOut, "git is silent")),
            };
        }
        let length = buffer.len().min(self.rest.len() - self.at);
        buffer[..length].copy_from_slice(&self.rest[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_lead_elsewhere_are_none() {
        let object = "a".repeat(40);
        let entry = |path: &str| format!("100644 blob {object}\t{path}").into_bytes();
        assert!(entry_of(&entry("a/b c.py")).is_some());
        for path in ["../a.py", "/etc/passwd", ".git/config", "a/../b"] {
            assert!(entry_of(&entry(path)).is_none(), "{path}");
        }
        assert!(entry_of(b"100644 blob -x\ta.py").is_none());
        assert!(entry_of(b"nonsense").is_none());
    }
}
