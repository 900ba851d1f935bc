//! The conversation with the editor.

use crate::documents::Document;
use crate::positions::Encoding;
use crate::report::Report;
use crate::settings::Settings;
use crate::worker::{Done, Worker};
use crate::{actions, diagnostics, lenses, uri};
use assay_engine::{Request as ReviewRequest, Session};
use assay_finding::Review;
use assay_source::{OsSystem, Overlay, System};
use assay_text::{FileId, SourceFile};
use crossbeam_channel::{after, never, select};
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidChangeWorkspaceFolders, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Exit, LogMessage, Notification as _, PublishDiagnostics, ShowMessage,
};
use lsp_types::request::{
    CodeActionRequest, CodeLensRefresh, CodeLensRequest, HoverRequest, RegisterCapability, Request as _, Shutdown,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability, CodeLensOptions, CodeLensParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, FileSystemWatcher, GlobPattern, HoverParams,
    HoverProviderCapability, InitializeParams, LogMessageParams, MessageType, OneOf, PublishDiagnosticsParams,
    Registration, RegistrationParams, ServerCapabilities, ShowMessageParams, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the editor must be quiet before a review begins.
const QUIET: Duration = Duration::from_millis(200);
/// How long, when what was edited cannot be read as code: then it is about to be written on.
const UNFINISHED: Duration = Duration::from_secs(1);
/// Reviews in a row that are stopped because the text has changed; the next one is brought to its end.
const STOPPED: u32 = 2;
/// Files whose change on disk asks for another review.
const WATCHED: &str = "**/*.{py,pyi,html,jinja,jinja2,j2,toml,txt,lock,cfg,ini,yml,yaml,json}";

/// How the conversation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// As the protocol has it: a shutdown, then an exit.
    Orderly,
    /// The editor went away.
    Abrupt,
}

/// Talks to an editor until it ends the conversation. `request` says what each review is asked for; its targets are
/// replaced.
///
/// # Errors
/// When the conversation does not begin as the protocol has it.
pub fn serve(connection: &Connection, request: &ReviewRequest) -> Result<End, ProtocolError> {
    let (id, params) = connection.initialize_start()?;
    let (params, mut complaints) = match serde_json::from_value::<InitializeParams>(params) {
        Ok(params) => (params, Vec::new()),
        Err(error) => {
            let complaint = format!("Assay: the editor's capabilities are not understood and not used: {error}");
            (InitializeParams::default(), vec![complaint])
        }
    };
    let general = params.capabilities.general.as_ref();
    let encoding = Encoding::choose(general.and_then(|general| general.position_encodings.as_deref()));
    let result = serde_json::json!({
        "capabilities": capabilities(encoding),
        "serverInfo": { "name": "assay", "version": assay_engine::VERSION },
    });
    connection.initialize_finish(id, result)?;

    let settings = Settings::read(params.initialization_options.clone()).unwrap_or_else(|complaint| {
        complaints.push(complaint);
        Settings::default()
    });
    let workspaces = params.capabilities.workspace.as_ref();
    let refreshes = workspaces.and_then(|workspace| workspace.code_lens.as_ref()?.refresh_support);
    let mut request = request.clone();
    settings.apply(&mut request);
    // Lenses say what an entry point reaches.
    request.effects = true;
    request.tests = settings.include_tests;
    let worker = match Worker::start() {
        Ok(worker) => worker,
        Err(error) => {
            show(connection, MessageType::ERROR, &format!("Assay cannot start a thread: {error}"));
            return Ok(End::Abrupt);
        }
    };
    let mut server = Server {
        connection,
        worker,
        request,
        encoding,
        include_tests: settings.include_tests,
        documents: BTreeMap::new(),
        roots: BTreeMap::new(),
        running: None,
        stopped: 0,
        quiet_at: None,
        edited: BTreeMap::new(),
        refreshes: refreshes.unwrap_or(false),
        asked: 0,
        said: BTreeSet::new(),
    };
    for complaint in complaints {
        show(connection, MessageType::WARNING, &complaint);
    }
    server.watch(&params);
    for folder in workspace(&params) {
        server.open_root(&folder, true);
    }
    Ok(server.run())
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

/// The folders that the editor shows. Old clients send a single one.
#[expect(deprecated, reason = "clients from before workspace folders send the root alone")]
fn workspace(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders {
        Some(folders) => folders.iter().filter_map(|folder| uri::to_path(&folder.uri)).collect(),
        None => params.root_uri.iter().filter_map(uri::to_path).collect(),
    }
}

/// A folder that is reviewed as one project.
#[derive(Default)]
struct Root {
    /// Whether the editor shows it; else it is there for the open documents in it.
    is_folder: bool,
    /// Whether something changed since its last review began.
    is_dirty: bool,
    report: Option<Report>,
    /// What is remembered of its last review.
    session: Arc<Session>,
    /// The documents that have diagnostics in the editor.
    published: BTreeMap<PathBuf, Uri>,
}

struct Server<'a> {
    connection: &'a Connection,
    worker: Worker,
    request: ReviewRequest,
    encoding: Encoding,
    include_tests: bool,
    /// By path, absolute and without links.
    documents: BTreeMap<PathBuf, Document>,
    /// By path, absolute and without links.
    roots: BTreeMap<PathBuf, Root>,
    /// The root whose review is under way.
    running: Option<PathBuf>,
    /// How many reviews were stopped since the last one that came to its end.
    stopped: u32,
    /// When the next review may begin.
    quiet_at: Option<Instant>,
    /// The documents that were typed in since the last review began, and when.
    edited: BTreeMap<PathBuf, Instant>,
    /// Whether the editor can be asked to ask for lenses again, and how often it was.
    refreshes: bool,
    asked: u64,
    /// What was wrong with reviews, so that it is said once.
    said: BTreeSet<String>,
}

impl Server<'_> {
    fn run(&mut self) -> End {
        let mut shut_down = false;
        loop {
            let quiet = match self.quiet_at {
                Some(at) if self.running.is_none() => after(at.saturating_duration_since(Instant::now())),
                _ => never(),
            };
            select! {
                recv(self.connection.receiver) -> message => match message {
                    Ok(Message::Request(request)) if request.method == Shutdown::METHOD => {
                        shut_down = true;
                        self.send(Message::Response(Response::new_ok(request.id, ())));
                    }
                    Ok(Message::Request(request)) if shut_down => {
                        self.refuse(request.id, ErrorCode::InvalidRequest, "the server is shut down");
                    }
                    Ok(Message::Request(request)) => self.answer(request),
                    Ok(Message::Notification(notification)) if notification.method == Exit::METHOD => {
                        return if shut_down { End::Orderly } else { End::Abrupt };
                    }
                    Ok(Message::Notification(notification)) => self.hear(notification),
                    Ok(Message::Response(_)) => {}
                    Err(_) => return End::Abrupt,
                },
                recv(self.worker.done) -> done => {
                    if let Ok(done) = done {
                        self.finished(done);
                    }
                }
                recv(quiet) -> _ => self.begin(),
            }
        }
    }

    fn send(&self, message: Message) {
        // An editor that has gone away is noticed when nothing more comes from it.
        let _ = self.connection.sender.send(message);
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, message: &str) {
        self.send(Message::Response(Response::new_err(id, code as i32, message.to_owned())));
    }

    /// Asks the editor to tell what changes on disk, if it can.
    fn watch(&self, params: &InitializeParams) {
        let watching = params.capabilities.workspace.as_ref().and_then(|workspace| workspace.did_change_watched_files);
        if !watching.and_then(|watching| watching.dynamic_registration).unwrap_or(false) {
            return;
        }
        let watcher = FileSystemWatcher { glob_pattern: GlobPattern::String(WATCHED.to_owned()), kind: None };
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: vec![watcher] };
        let registration = Registration {
            id: "assay-files".to_owned(),
            method: DidChangeWatchedFiles::METHOD.to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        let id = RequestId::from("assay-watch".to_owned());
        self.send(Message::Request(Request::new(id, RegisterCapability::METHOD.to_owned(), params)));
    }

    fn answer(&mut self, request: Request) {
        let id = request.id.clone();
        let result = match request.method.as_str() {
            HoverRequest::METHOD => parameters(request.params).map(|params| self.hover(&params)),
            CodeLensRequest::METHOD => parameters(request.params).map(|params| self.lenses(&params)),
            CodeActionRequest::METHOD => parameters(request.params).map(|params| self.actions(&params)),
            method => {
                self.refuse(id, ErrorCode::MethodNotFound, &format!("`{method}` is not supported"));
                return;
            }
        };
        match result {
            Ok(value) => self.send(Message::Response(Response::new_ok(id, value))),
            Err(error) => self.refuse(id, ErrorCode::InvalidParams, &error),
        }
    }

    fn hover(&self, params: &HoverParams) -> serde_json::Value {
        let at = &params.text_document_position_params;
        let found = self.current(&at.text_document.uri);
        let hover = found.and_then(|(report, file)| actions::hover(report, file, at.position));
        serde_json::to_value(hover).unwrap_or_default()
    }

    fn actions(&self, params: &CodeActionParams) -> serde_json::Value {
        let wanted = params.context.only.as_ref();
        if wanted.is_some_and(|kinds| !kinds.iter().any(|kind| covers(kind, &CodeActionKind::QUICKFIX))) {
            return serde_json::Value::Array(Vec::new());
        }
        let uri = &params.text_document.uri;
        let actions = self
            .current(uri)
            .map(|(report, file)| actions::actions(report, file, uri, params.range, &self.open_uri()))
            .unwrap_or_default();
        serde_json::to_value(actions).unwrap_or_default()
    }

    /// The lenses of the last review: they stay in sight while the text changes.
    fn lenses(&self, params: &CodeLensParams) -> serde_json::Value {
        let found = uri::to_path(&params.text_document.uri).map(|path| canonical(&path)).and_then(|path| {
            let report = self.roots.get(&self.root_of(&path)?)?.report.as_ref()?;
            Some(lenses::lenses(report, report.file(&path)?))
        });
        serde_json::to_value(found.unwrap_or_default()).unwrap_or_default()
    }

    /// The report on a document and its file there, while the document is as it was reviewed.
    fn current(&self, uri: &Uri) -> Option<(&Report, FileId)> {
        let path = canonical(&uri::to_path(uri)?);
        let document = self.documents.get(&path)?;
        let report = self.roots.get(&self.root_of(&path)?)?.report.as_ref()?;
        let file = report.file(&path)?;
        (report.review.files.get(file).text == document.text).then_some((report, file))
    }

    /// The editor's own name of a document, which may differ from the path's URI.
    fn open_uri(&self) -> impl Fn(&Path) -> Option<Uri> {
        |path| self.documents.get(path).map(|document| document.uri.clone())
    }

    fn hear(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        // What cannot be read is ignored: there is nobody to tell but the log.
        let heard = match method.as_str() {
            DidOpenTextDocument::METHOD => parameters(params).map(|params| self.opened(params)),
            DidChangeTextDocument::METHOD => parameters(params).map(|params| self.changed(params)),
            DidCloseTextDocument::METHOD => parameters(params).map(|params| self.closed(&params)),
            DidChangeWorkspaceFolders::METHOD => parameters(params).map(|params| self.folders(&params)),
            DidSaveTextDocument::METHOD | DidChangeWatchedFiles::METHOD => {
                // What is saved is meant as it is.
                self.edited.clear();
                let all: Vec<PathBuf> = self.roots.keys().cloned().collect();
                for root in &all {
                    self.touch(root);
                }
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = heard {
            self.log(&format!("`{method}` was not understood: {error}"));
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let Some(path) = uri::to_path(&item.uri) else { return };
        let path = canonical(&path);
        self.documents.insert(path.clone(), Document { uri: item.uri, version: item.version, text: item.text.into() });
        let root = self.root_of(&path).or_else(|| {
            let root = assay_source::project_root(&OsSystem, &path).ok()?;
            self.open_root(&root, false);
            Some(canonical(&root))
        });
        if let Some(root) = root
            && !self.is_reviewed(&root, &path)
        {
            self.touch(&root);
        }
    }

    /// Whether the last review of `root` saw the document as it is.
    fn is_reviewed(&self, root: &Path, path: &Path) -> bool {
        let report = self.roots.get(root).and_then(|root| root.report.as_ref());
        let text = report.and_then(|report| Some(&report.review.files.get(report.file(path)?).text));
        text.is_some_and(|text| self.documents.get(path).is_some_and(|document| document.text == *text))
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = uri::to_path(&params.text_document.uri) else { return };
        let path = canonical(&path);
        let Some(document) = self.documents.get_mut(&path) else { return };
        document.change(params.text_document.version, params.content_changes, self.encoding);
        if let Some(root) = self.root_of(&path) {
            self.touch(&root);
            // The first review is waited for, whatever happens.
            let again = self.roots.get(&root).is_some_and(|root| root.report.is_some());
            if again && self.stopped < STOPPED && self.running.as_ref() == Some(&root) {
                self.worker.stop();
            }
            self.edited.insert(path, Instant::now());
        }
    }

    /// Until when something that was typed counts as unfinished: it cannot be read as code.
    fn unfinished(&self) -> Option<Instant> {
        let now = Instant::now();
        let until = self.edited.iter().filter(|(path, _)| self.is_broken(path)).map(|(_, at)| *at + UNFINISHED);
        until.max().filter(|until| *until > now)
    }

    fn is_broken(&self, path: &Path) -> bool {
        let reviewed = || {
            let report = self.roots.get(&self.root_of(path)?)?.report.as_ref()?;
            let file: &SourceFile = report.review.files.get(report.file(path)?);
            Some(!assay_engine::is_well_formed(file.language, &self.documents.get(path)?.text))
        };
        reviewed().unwrap_or(false)
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(path) = uri::to_path(&params.text_document.uri) else { return };
        let path = canonical(&path);
        self.documents.remove(&path);
        self.edited.remove(&path);
        let Some(root) = self.root_of(&path) else { return };
        let is_folder = self.roots.get(&root).is_some_and(|root| root.is_folder);
        if is_folder || self.documents.keys().any(|path| path.starts_with(&root)) {
            self.touch(&root);
        } else {
            self.close_root(&root);
        }
    }

    fn folders(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        for folder in params.event.removed.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.close_root(&canonical(&folder));
        }
        for folder in params.event.added.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.open_root(&folder, true);
        }
    }

    fn open_root(&mut self, folder: &Path, is_folder: bool) {
        let folder = canonical(folder);
        if !folder.is_dir() {
            self.log(&format!("{} is no folder and is not reviewed", folder.display()));
            return;
        }
        self.roots.entry(folder.clone()).or_default().is_folder |= is_folder;
        self.touch(&folder);
    }

    fn close_root(&mut self, root: &Path) {
        if let Some(root) = self.roots.remove(root) {
            for uri in root.published.into_values() {
                self.publish(uri, Vec::new(), None);
            }
        }
    }

    /// The innermost root around a path.
    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        path.ancestors().find(|folder| self.roots.contains_key(*folder)).map(Path::to_path_buf)
    }

    /// Something in a root changed.
    fn touch(&mut self, root: &Path) {
        if let Some(root) = self.roots.get_mut(root) {
            root.is_dirty = true;
            self.quiet_at = Some(Instant::now() + QUIET);
        }
    }

    /// Begins the review of a root that changed.
    fn begin(&mut self) {
        self.quiet_at = self.unfinished();
        if self.quiet_at.is_some() {
            return;
        }
        self.edited.clear();
        let Some((path, root)) = self.roots.iter_mut().find(|(_, root)| root.is_dirty) else { return };
        root.is_dirty = false;
        self.running = Some(path.clone());
        let texts = self.documents.iter().map(|(path, document)| (path.clone(), document.text.clone())).collect();
        let mut request = self.request.clone();
        request.session = Some(Arc::clone(&root.session));
        // Later ones are of texts that hold for a moment.
        if root.report.is_some() {
            request.cache = None;
        }
        self.worker.review(Overlay { root: path.clone(), texts }, request);
    }

    fn finished(&mut self, done: Done) {
        self.running = None;
        match done.result {
            // Its root has changed, and is dirty.
            None => self.stopped += 1,
            Some(result) => {
                self.stopped = 0;
                self.conclude(&done.root, result);
            }
        }
        if self.roots.values().any(|root| root.is_dirty) && self.quiet_at.is_none() {
            self.quiet_at = Some(Instant::now());
        }
    }

    fn conclude(&mut self, root: &Path, result: Result<Review, String>) {
        match result {
            Ok(review) => {
                if self.roots.contains_key(root) {
                    let report = Report::new(review, root, self.encoding, self.include_tests);
                    self.show_report(root, report);
                }
            }
            Err(message) => {
                if self.said.insert(message.clone()) {
                    show(self.connection, MessageType::ERROR, &format!("Assay: {message}"));
                }
            }
        }
    }

    fn show_report(&mut self, root: &Path, report: Report) {
        let found = diagnostics::of(&report, &self.open_uri());
        let mut published = BTreeMap::new();
        for (path, diagnostics) in found {
            let document = self.documents.get(&path);
            // What has changed since then is reviewed next; until then its places may be others.
            let version = document.map(|document| document.version);
            let uri = document.map(|document| document.uri.clone()).or_else(|| uri::from_path(&path));
            if let Some(uri) = uri {
                self.publish(uri.clone(), diagnostics, version);
                published.insert(path, uri);
            }
        }
        let Some(state) = self.roots.get_mut(root) else { return };
        let before = std::mem::replace(&mut state.published, published);
        let lenses = |report: &Report| report.review.surface.clone();
        let changed = state.report.as_ref().map(lenses) != Some(lenses(&report));
        state.report = Some(report);
        let gone: Vec<Uri> =
            before.into_iter().filter(|(path, _)| !state.published.contains_key(path)).map(|(_, uri)| uri).collect();
        for uri in gone {
            self.publish(uri, Vec::new(), None);
        }
        if changed && self.refreshes {
            self.asked += 1;
            let id = RequestId::from(format!("assay-lenses-{}", self.asked));
            self.send(Message::Request(Request::new(id, CodeLensRefresh::METHOD.to_owned(), ())));
        }
    }

    fn publish(&self, uri: Uri, diagnostics: Vec<lsp_types::Diagnostic>, version: Option<i32>) {
        let params = PublishDiagnosticsParams { uri, diagnostics, version };
        self.send(Message::Notification(Notification::new(PublishDiagnostics::METHOD.to_owned(), params)));
    }

    fn log(&self, message: &str) {
        let params = LogMessageParams { typ: MessageType::WARNING, message: message.to_owned() };
        self.send(Message::Notification(Notification::new(LogMessage::METHOD.to_owned(), params)));
    }
}

fn show(connection: &Connection, kind: MessageType, message: &str) {
    let params = ShowMessageParams { typ: kind, message: message.to_owned() };
    let message = Notification::new(ShowMessage::METHOD.to_owned(), params);
    // See `Server::send`.
    let _ = connection.sender.send(Message::Notification(message));
}

fn parameters<T: DeserializeOwned>(params: serde_json::Value) -> Result<T, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}

/// Whether a kind of action takes in another: `refactor` takes in `refactor.inline`, and the empty one all.
fn covers(kind: &CodeActionKind, other: &CodeActionKind) -> bool {
    let (kind, other) = (kind.as_str(), other.as_str());
    kind.is_empty() || other.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The path without links, as reviews name files; the path itself where nothing stands.
fn canonical(path: &Path) -> PathBuf {
    OsSystem.canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}
