use crate::system::{DirEntry, FileKind, System};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A file system in memory.
///
/// Paths are absolute and Unix-like; folders exist as soon as something stands in them.
#[derive(Clone, Debug)]
pub struct MemorySystem {
    current: PathBuf,
    nodes: BTreeMap<PathBuf, Node>,
}

#[derive(Clone, Debug)]
enum Node {
    File(Vec<u8>),
    Directory,
    Link(PathBuf),
    Special,
    Denied(FileKind),
}

/// Links followed before a path counts as a circle.
const MAX_LINKS: usize = 40;

impl MemorySystem {
    /// An empty file system whose current folder is `current`.
    pub fn new(current: impl Into<PathBuf>) -> Self {
        let mut system = Self { current: current.into(), nodes: BTreeMap::new() };
        let current = system.current.clone();
        system.insert(current, Node::Directory);
        system
    }

    /// With a file of these contents.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>, contents: impl AsRef<[u8]>) -> Self {
        self.insert(path.into(), Node::File(contents.as_ref().to_vec()));
        self
    }

    /// With an empty folder.
    #[must_use]
    pub fn with_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.insert(path.into(), Node::Directory);
        self
    }

    /// With a symbolic link.
    #[must_use]
    pub fn with_link(mut self, path: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        self.insert(path.into(), Node::Link(target.into()));
        self
    }

    /// With a pipe or device.
    #[must_use]
    pub fn with_special(mut self, path: impl Into<PathBuf>) -> Self {
        self.insert(path.into(), Node::Special);
        self
    }

    /// With a file or folder that may not be read.
    #[must_use]
    pub fn with_denied(mut self, path: impl Into<PathBuf>, kind: FileKind) -> Self {
        self.insert(path.into(), Node::Denied(kind));
        self
    }

    fn insert(&mut self, path: PathBuf, node: Node) {
        for parent in path.ancestors().skip(1) {
            self.nodes.entry(parent.to_path_buf()).or_insert(Node::Directory);
        }
        self.nodes.insert(path, node);
    }

    /// Resolves every link on the way; the last one too, when `last` says so.
    fn resolve(&self, path: &Path, last: bool) -> io::Result<PathBuf> {
        let mut pending: Vec<OsString> = self.current.join(path).iter().rev().map(OsString::from).collect();
        let mut resolved = PathBuf::new();
        let mut links = 0;
        while let Some(part) = pending.pop() {
            match Path::new(&part).components().next() {
                Some(Component::ParentDir) => {
                    resolved.pop();
                    continue;
                }
                Some(Component::CurDir) | None => continue,
                Some(_) => resolved.push(&part),
            }
            match self.nodes.get(&resolved) {
                Some(Node::Link(target)) if last || !pending.is_empty() => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(io::Error::other("too many levels of symbolic links"));
                    }
                    resolved.pop();
                    pending.extend(target.iter().rev().map(OsString::from));
                }
                Some(_) => {}
                None => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(resolved)
    }

    fn node(&self, path: &Path) -> io::Result<&Node> {
        self.nodes.get(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl System for MemorySystem {
    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(self.current.clone())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.resolve(path, true)
    }

    fn kind(&self, path: &Path) -> io::Result<FileKind> {
        Ok(match self.node(&self.resolve(path, false)?)? {
            Node::File(_) => FileKind::File,
            Node::Directory => FileKind::Directory,
            Node::Link(_) => FileKind::Symlink,
            Node::Special => FileKind::Special,
            Node::Denied(kind) => *kind,
        })
    }

    fn read_dir(&self, path: &Path, limit: usize) -> io::Result<Option<Vec<DirEntry>>> {
        let path = self.resolve(path, true)?;
        match self.node(&path)? {
            Node::Directory => {}
            Node::Denied(_) => return Err(io::ErrorKind::PermissionDenied.into()),
            _ => return Err(io::ErrorKind::NotADirectory.into()),
        }
        let mut entries = Vec::new();
        // What stands below a folder follows it in the order of paths.
        let below = self.nodes.range(path.clone()..).skip(1).take_while(|(child, _)| child.starts_with(&path));
        for (child, _) in below.filter(|(child, _)| child.parent() == Some(&path)) {
            let Some(name) = child.file_name() else { continue };
            if entries.len() == limit {
                return Ok(None);
            }
            entries.push(DirEntry { name: name.to_os_string(), kind: self.kind(child)? });
        }
        entries.sort_unstable();
        Ok(Some(entries))
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.node(&self.resolve(path, true)?)? {
            Node::File(bytes) => Ok(bytes[..usize::try_from(limit).unwrap_or(usize::MAX).min(bytes.len())].to_vec()),
            Node::Denied(_) => Err(io::ErrorKind::PermissionDenied.into()),
            _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
        }
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        match self.node(&self.resolve(path, false)?)? {
            Node::Link(target) => Ok(target.clone()),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_resolve_and_circles_end() {
        let system = MemorySystem::new("/p")
            .with_file("/p/real/a.py", "x")
            .with_link("/p/alias", "real")
            .with_link("/p/loop", "loop");
        assert_eq!(system.canonicalize(Path::new("alias/a.py")).unwrap(), Path::new("/p/real/a.py"));
        assert_eq!(system.read(Path::new("/p/alias/../alias/a.py"), 10).unwrap(), b"x");
        assert!(system.canonicalize(Path::new("/p/loop")).is_err());
        assert_eq!(system.kind(Path::new("/p/loop")).unwrap(), FileKind::Symlink);
    }
}
