//! The only reader of the outside world.
//!
//! - A [`System`] is what the review may ask of its surroundings: folders, bytes of files, clocks. It
//!   has a real form ([`OsSystem`], under an editor's texts [`Overlay`]) and a twin in memory ([`MemorySystem`]); everything else in
//!   this crate is written against the trait, so that both behave alike.
//! - A *target* is a path that the user named. The *project* is what stands around it: the
//!   folder with the manifest, or the folder above the outermost package. Files of the project
//!   beside the targets are read too, so that imports resolve, with `requested` false.
//! - A [`Gap`] says what was not read, or only with a caveat. Nothing is skipped in silence: what
//!   ignore files and hidden names keep out is counted in [`Skipped`].
//!
//! ```
//! use assay_source::{MemorySystem, Options, load};
//!
//! let system = MemorySystem::new("/p").with_file("/p/pkg/__init__.py", "").with_file("/p/pkg/a.py", "x = 1\n");
//! let project = load(&system, &["pkg".into()], &Options::default())?;
//! let names: Vec<_> = project.modules.iter().flatten().map(|name| name.dotted.as_str()).collect();
//! assert_eq!(names, ["pkg", "pkg.a"]);
//! # Ok::<(), assay_source::Error>(())
//! ```

mod archive;
mod decode;
mod discover;
mod git;
mod ignore_files;
mod language;
mod load;
mod memory;
mod modules;
mod overlay;
mod role;
mod system;
mod walk;

pub use discover::project_root;
pub use ignore_files::{Patterns, repository};
pub use load::{Error, Gap, GapKind, Options, Project, Skipped, load};
pub use memory::MemorySystem;
pub use modules::ModuleName;
pub use overlay::Overlay;
pub use system::{DirEntry, FileKind, OsSystem, System};
