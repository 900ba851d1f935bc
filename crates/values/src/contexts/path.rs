//! Paths of files.

use super::HOLE;

/// Where in a path a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// It is the path.
    Whole,
    /// It is the start of the path, or a part that replaces what comes before when it is absolute.
    First,
    /// It is a part of its own below a folder.
    Within {
        /// Whether the folder is constant.
        constant: bool,
    },
    /// It goes on with a name that has begun, such as `report-` before it.
    FileNamePart,
}

/// Where in a path the place after this text is. `component`: the hole is an argument of a function that
/// joins paths.
pub fn after(text: &str, component: bool, last: bool) -> Path {
    if text.is_empty() {
        return if last { Path::Whole } else { Path::First };
    }
    if component {
        return Path::First;
    }
    if text.ends_with(['/', '\\']) {
        return Path::Within { constant: !text.contains(HOLE) };
    }
    Path::FileNamePart
}
