//! `assay lsp`.

use crate::args::LspArgs;
use crate::{cache, db, review};
use assay_engine::Request;
use assay_lsp::End;
use std::num::NonZeroUsize;

/// Talks to an editor on standard input and output until it ends the conversation.
pub(crate) fn run(arguments: &LspArgs) -> anyhow::Result<u8> {
    let mut request = Request::new(Vec::new(), review::today());
    request.advisories = db::advisories(&arguments.database);
    let database = db::store(&arguments.database).ok();
    request.cache = cache::of(&arguments.cache, database.as_ref().map(assay_database::Store::path));
    request.jobs = arguments.jobs.map(NonZeroUsize::get);
    let (connection, threads) = lsp_server::Connection::stdio();
    let end = assay_lsp::serve(&connection, &request)?;
    drop(connection);
    // An editor that went away leaves a thread that waits for its next word.
    if end == End::Orderly {
        threads.join()?;
    }
    Ok(u8::from(end == End::Abrupt))
}
