//! Families of packages that share a registry, a way to write names and an order of versions.

use std::fmt::{self, Write};

/// The OSV schema's name of Rust's ecosystem, which is its registry's.
const RUST: &str = concat!("crates", ".io");

/// A family of packages, as the OSV schema divides them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Ecosystem {
    /// Python.
    PyPI,
    /// Go modules.
    Go,
    /// Rust crates.
    Rust,
    /// JavaScript.
    Npm,
    /// The JVM.
    Maven,
    /// Ruby.
    RubyGems,
    /// PHP.
    Packagist,
    /// .NET.
    NuGet,
    /// Debian's own packages. A name has the release before it, `12:openssl`, where that is known.
    Debian,
    /// C and C++ packages of Conan.
    Conan,
}

impl Ecosystem {
    /// All, in the order of reports.
    pub const ALL: [Self; 10] = [
        Self::PyPI,
        Self::Go,
        Self::Rust,
        Self::Npm,
        Self::Maven,
        Self::RubyGems,
        Self::Packagist,
        Self::NuGet,
        Self::Debian,
        Self::Conan,
    ];

    /// The name in the OSV schema, which the public bucket's folders have, too.
    pub fn osv_name(self) -> &'static str {
        match self {
            Self::PyPI => "PyPI",
            Self::Go => "Go",
            Self::Rust => RUST,
            Self::Npm => "npm",
            Self::Maven => "Maven",
            Self::RubyGems => "RubyGems",
            Self::Packagist => "Packagist",
            Self::NuGet => "NuGet",
            Self::Debian => "Debian",
            Self::Conan => "ConanCenter",
        }
    }

    /// The ecosystem of an OSV record; what stands behind a colon (`Debian:12`) is a release of it.
    pub fn from_osv(name: &str) -> Option<Self> {
        let base = name.split(':').next().unwrap_or(name);
        Self::ALL.into_iter().find(|ecosystem| ecosystem.osv_name() == base)
    }

    /// The type of its package URLs.
    pub fn purl_type(self) -> &'static str {
        match self {
            Self::PyPI => "pypi",
            Self::Go => "golang",
            Self::Rust => "cargo",
            Self::Npm => "npm",
            Self::Maven => "maven",
            Self::RubyGems => "gem",
            Self::Packagist => "composer",
            Self::NuGet => "nuget",
            Self::Debian => "deb",
            Self::Conan => "conan",
        }
    }

    /// The one way to write a name of which the ecosystem knows several.
    pub fn normalise(self, name: &str) -> String {
        match self {
            Self::PyPI => {
                let mut out = String::with_capacity(name.len());
                for c in name.trim().chars() {
                    match c {
                        '-' | '_' | '.' if out.ends_with('-') => {}
                        '-' | '_' | '.' => out.push('-'),
                        c => out.extend(c.to_lowercase()),
                    }
                }
                out
            }
            Self::NuGet | Self::Packagist => name.trim().to_lowercase(),
            Self::Go | Self::Rust | Self::Npm | Self::Maven | Self::RubyGems | Self::Debian | Self::Conan => {
                name.trim().to_owned()
            }
        }
    }

    /// Whether its tools select the newest release that a range admits; the others select the lowest, or the one that is named.
    pub fn selects_newest(self) -> bool {
        matches!(self, Self::PyPI | Self::Rust | Self::Npm | Self::RubyGems | Self::Packagist | Self::Conan)
    }

    /// The number in the index file.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "Rust",
            other => other.osv_name(),
        })
    }
}

/// The package URL of a package, with its version when there is one.
pub fn purl(ecosystem: Ecosystem, name: &str, version: Option<&str>) -> String {
    let path = match ecosystem {
        Ecosystem::Maven => name.replacen(':', "/", 1),
        _ => name.to_owned(),
    };
    let path = match ecosystem {
        Ecosystem::Npm if path.starts_with('@') => format!("%40{}", encode(&path[1..], true)),
        Ecosystem::Debian => format!("debian/{}", encode(path.rsplit(':').next().unwrap_or(&path), true)),
        _ => encode(&path, true),
    };
    // The release is a qualifier.
    let release = name.split_once(':').filter(|_| ecosystem == Ecosystem::Debian);
    let release = release.map(|(release, _)| format!("?distro=debian-{release}")).unwrap_or_default();
    match version {
        Some(version) => format!("pkg:{}/{path}@{}{release}", ecosystem.purl_type(), encode(version, false)),
        None => format!("pkg:{}/{path}{release}", ecosystem.purl_type()),
    }
}

fn encode(text: &str, slash: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => out.push(char::from(byte)),
            b'/' if slash => out.push('/'),
            byte => {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_python_packages_have_one_form() {
        for name in ["Oslo.Config", "oslo_config", "oslo-.config", "OSLO--CONFIG"] {
            assert_eq!(Ecosystem::PyPI.normalise(name), "oslo-config");
        }
        assert_eq!(Ecosystem::Go.normalise("github.com/A/b"), "github.com/A/b");
    }

    #[test]
    fn package_urls_are_escaped() {
        assert_eq!(purl(Ecosystem::Npm, "@a/b", Some("1.0+x")), "pkg:npm/%40a/b@1.0%2Bx");
        assert_eq!(purl(Ecosystem::Maven, "org.x:y", None), "pkg:maven/org.x/y");
        assert_eq!(purl(Ecosystem::Debian, "12:openssl", Some("3")), "pkg:deb/debian/openssl@3?distro=debian-12");
        assert_eq!(purl(Ecosystem::Go, "github.com/a/b", Some("v1.0.0")), "pkg:golang/github.com/a/b@v1.0.0");
    }

    #[test]
    fn every_ecosystem_is_found_by_its_name() {
        for ecosystem in Ecosystem::ALL {
            assert_eq!(Ecosystem::from_osv(ecosystem.osv_name()), Some(ecosystem));
            assert_eq!(Ecosystem::from_code(ecosystem.code()), Some(ecosystem));
        }
        assert_eq!(Ecosystem::from_osv("Debian:12"), Some(Ecosystem::Debian));
        assert_eq!(Ecosystem::from_osv("Nowhere"), None);
    }
}
