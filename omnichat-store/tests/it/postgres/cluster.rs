//! A PostgreSQL server for tests: the one that `OMNICHAT_TEST_POSTGRES_URL` names, or a private one that is started when the
//! first test of this process needs it and stopped with the last.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};
use std::time::{Duration, Instant};

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use url::Url;

/// Names a running server whose user may create databases.
const URL: &str = "OMNICHAT_TEST_POSTGRES_URL";

/// The server that tests of this process share.
static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());

/// A server.
pub(super) struct Cluster {
    url: Url,
    /// Stops the private server and waits for its end.
    private: Option<Private>,
}

/// What the thread that holds a private server is told.
enum Order {
    /// End it as an administrator does, start it again on the same data, and say when it answers.
    Restart(mpsc::Sender<()>),
    Stop,
}

struct Private {
    orders: mpsc::Sender<Order>,
    holder: Option<std::thread::JoinHandle<()>>,
}

impl Cluster {
    /// The server, started if need be.
    pub(super) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cluster) = shared.upgrade() {
            return cluster;
        }
        let cluster = Arc::new(match std::env::var(URL) {
            Ok(url) => Self {
                url: url.parse().expect("the URL of a server"),
                private: None,
            },
            Err(_) => Self::start(),
        });
        *shared = Arc::downgrade(&cluster);
        cluster
    }

    /// The URL of one of its databases.
    pub(super) fn database(&self, name: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(name);
        url.into()
    }

    /// Runs one statement outside of any test's database.
    pub(super) async fn execute(&self, statement: String) -> Result<(), sqlx::Error> {
        let mut connection = PgConnection::connect(self.url.as_str()).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
        connection.close().await
    }

    /// A server that no other test uses.
    pub(super) fn own() -> Arc<Self> {
        Arc::new(Self::start())
    }

    /// Restarts a server of one's own. Who is connected is thrown out, and what was not committed is lost.
    pub(super) fn restart(&self) {
        let private = self
            .private
            .as_ref()
            .expect("only a server of one's own is restarted");
        let (done, restarted) = mpsc::channel();
        private
            .orders
            .send(Order::Restart(done))
            .expect("the server is held");
        restarted.recv().expect("the server starts again");
    }

    fn start() -> Self {
        let (ready, started) = mpsc::channel();
        let (orders, received) = mpsc::channel();
        // The server is told to end when the thread that started it does, so this thread waits as long as it is needed.
        let holder = std::thread::spawn(move || {
            let folder = tempfile::tempdir().expect("a temporary folder");
            run(Command::new("cp")
                .arg("-a")
                .arg(template())
                .arg(folder.path().join("data")));
            own(folder.path());
            let mut server = serve(folder.path());
            ready
                .send(folder.path().to_owned())
                .expect("somebody waits for the server");
            while let Ok(Order::Restart(done)) = received.recv() {
                end(&mut server, "-INT");
                server = serve(folder.path());
                done.send(()).expect("somebody waits for the server");
            }
            // An immediate end: nobody needs the data any more.
            end(&mut server, "-QUIT");
        });
        let Ok(folder) = started.recv() else {
            let reason = holder.join().expect_err("it has not started");
            std::panic::resume_unwind(reason);
        };
        let url = format!("postgres:///postgres?host={}&user=postgres", folder.display());
        Self {
            url: url.parse().expect("this is a URL"),
            private: Some(Private {
                orders,
                holder: Some(holder),
            }),
        }
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // Fails only if the thread has ended by itself.
        let _ = self.orders.send(Order::Stop);
        let _ = self.holder.take().map(std::thread::JoinHandle::join);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.private.take());
    }
}

fn end(server: &mut Child, signal: &str) {
    let ended = Command::new("kill")
        .args([signal, &server.id().to_string()])
        .status();
    assert!(
        ended.is_ok_and(|status| status.success()),
        "the server cannot be ended"
    );
    server.wait().expect("the server ends");
}

/// Starts a server with its data and its socket in a folder, and waits until it answers.
fn serve(folder: &Path) -> Child {
    let data = folder.join("data");
    let mut server = as_postgres("postgres");
    server.arg("-D").arg(&data).arg("-k").arg(folder);
    let settings = [
        "listen_addresses=",
        "fsync=on",
        "max_connections=200",
        "shared_buffers=64MB",
        "log_min_messages=fatal",
    ];
    for setting in settings {
        server.args(["-c", setting]);
    }
    let mut server = server.stdout(Stdio::null()).spawn().expect("the server starts");
    let give_up = Instant::now() + Duration::from_secs(60);
    loop {
        let ready = Command::new(binary("pg_isready"))
            .arg("-q")
            .arg("-h")
            .arg(folder)
            .status();
        if ready.is_ok_and(|status| status.success()) {
            return server;
        }
        let ended = server.try_wait().expect("the server can be asked");
        assert!(
            ended.is_none(),
            "the server ended: {:?}",
            ended.map(ExitStatusExt::into_raw)
        );
        assert!(Instant::now() < give_up, "the server does not answer");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// An empty data folder, made once and copied for each server.
fn template() -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let template = home.join("postgres-template");
    if !template.exists() {
        let making = tempfile::tempdir().expect("a temporary folder");
        own(making.path());
        let data = making.path().join("data");
        let mut initdb = as_postgres("initdb");
        initdb.args([
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-D",
        ]);
        run(initdb.arg(&data));
        std::fs::create_dir_all(home).expect("the folder for temporary files");
        let copy = home.join(format!("postgres-template-{}", std::process::id()));
        run(Command::new("cp").arg("-a").arg(&data).arg(&copy));
        if std::fs::rename(&copy, &template).is_err() {
            // Another process was quicker.
            std::fs::remove_dir_all(&copy).expect("the copy is removed");
        }
    }
    template
}

fn is_root() -> bool {
    let user = Command::new("id")
        .arg("-u")
        .output()
        .expect("the user can be asked for");
    user.stdout.trim_ascii() == b"0"
}

/// PostgreSQL refuses to run as root, so its own user takes over there.
fn as_postgres(program: &str) -> Command {
    let program = binary(program);
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--pdeathsig=QUIT",
        ])
        .arg(program);
    command.current_dir("/");
    command
}

fn own(folder: &Path) {
    if is_root() {
        run(Command::new("chown").arg("postgres:postgres").arg(folder));
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A program of PostgreSQL: of the newest version that Debian's packages have put in their place, or on the path.
fn binary(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|version| {
            let number = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin").join(name)))
        })
        .filter(|(_, path)| path.exists())
        .collect();
    found.sort();
    let fallback = PathBuf::from(name);
    let program = found.pop().map_or(fallback, |(_, path)| path);
    let known = Command::new(&program)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok();
    assert!(
        known,
        "these tests need PostgreSQL: install the package postgresql, or set {URL} to a server"
    );
    program
}
