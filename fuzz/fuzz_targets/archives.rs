//! Archives: wheels and jars in a project, and archives of advisories. Half of the inputs are taken for an archive as they are; of the
//! others, an archive is made whose members they are.

#![no_main]

use assay_source::{MemorySystem, Options, load};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};

const NAMES: [&str; 6] = [
    "META-INF/maven/g/a/pom.properties", "a-1.0.dist-info/METADATA", "a-1.0.dist-info/RECORD", "../x/pom.properties",
    "WEB-INF/lib/inner.jar", "META-INF/maven/g/b/pom.properties",
];

fn made(data: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (number, part) in data.split(|byte| *byte == 0xff).take(NAMES.len()).enumerate() {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(NAMES[number], options).and_then(|()| Ok(writer.write_all(part)?)).expect("a member");
    }
    writer.finish().expect("an archive").into_inner()
}

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let bytes = if first & 1 == 0 { rest.to_vec() } else { made(rest) };
    let name = if first & 2 == 0 { "/p/a.jar" } else { "/p/a-1.0-py3-none-any.whl" };
    let system = MemorySystem::new("/p").with_file(name, &bytes);
    let project = load(&system, &["/p".into()], &Options::default()).expect("the folder exists");
    let _ = assay_dependencies::Inventory::read(&project.files);
    let folder = std::env::temp_dir().join(format!("assay-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let archive = folder.join("all.zip");
    std::fs::write(&archive, &bytes).expect("a file");
    let store = assay_database::Store::new(folder.join("advisories.db"));
    let _ = assay_database::import(&store, &archive.to_string_lossy(), "2026-01-15");
    store.open().expect("what was imported can be read");
});
