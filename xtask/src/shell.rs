//! Running other programs so that none of them outlives this one.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

const POLL: Duration = Duration::from_millis(25);

static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Turns Ctrl-C and SIGTERM into a flag, so that every guard gets to clean up.
pub fn watch_signals() -> Result<()> {
    for signal in
        [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP]
    {
        signal_hook::flag::register(signal, STOP.clone()).context("cannot listen for Ctrl-C")?;
    }
    Ok(())
}

/// Whether somebody asked this program to stop.
pub fn interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Fails once somebody asked this program to stop.
pub fn go_on() -> Result<()> {
    if interrupted() {
        bail!("interrupted");
    }
    Ok(())
}

/// Prints one line of progress.
#[expect(clippy::print_stdout, reason = "a command line speaks to its user")]
pub fn say(who: &str, what: &str) {
    println!("{who:>12}  {what}");
}

/// Prints one line as it is.
#[expect(clippy::print_stdout, reason = "a command line speaks to its user")]
pub fn line(text: &str) {
    println!("{text}");
}

/// Prints an error and its causes.
#[expect(clippy::print_stderr, reason = "a command line speaks to its user")]
pub fn complain(error: &anyhow::Error) {
    eprintln!("\nerror: {error:#}");
}

/// The first file of that name on the PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A command without what `cargo run` puts into the environment, which would make nested builds start over.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
            || name == "LD_LIBRARY_PATH"
        {
            command.env_remove(name.as_ref());
        }
    }
    command.stdin(Stdio::null());
    command
}

/// The `cargo` that runs us.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a program with its output shown; `advice` says what to do when it fails.
pub fn run(command: &mut Command, advice: &str) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("{} ended with {status}: {advice}", describe(command));
    }
    Ok(())
}

/// Runs a program to its end and says how it went; stops it when we are interrupted.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    go_on()?;
    let mut child = Running(command.process_group(0).spawn().with_context(|| missing(command))?);
    loop {
        if let Some(status) = child.0.try_wait()? {
            return Ok(status);
        }
        go_on()?;
        sleep(POLL);
    }
}

/// Runs a quick program and gives what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| missing(command))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}: {}", describe(command), output.status, said.trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} printed something unreadable", describe(command)))
}

/// Runs a program with its output kept in a log, whose end is part of the error when it fails.
pub fn logged(command: &mut Command, log: &Path, advice: &str) -> Result<()> {
    let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let status = status(command.stdout(out.try_clone()?).stderr(out))?;
    if !status.success() {
        bail!("{} ended with {status}: {advice}\n{}", describe(command), tail(log, 20));
    }
    Ok(())
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let arguments = command.get_args().take(4).map(|a| a.to_string_lossy().into_owned());
    let words: Vec<_> =
        std::iter::once(program.to_string_lossy().into_owned()).chain(arguments).collect();
    format!("`{}`", words.join(" "))
}

fn missing(command: &Command) -> String {
    format!("cannot run {}; is it installed and on the PATH?", describe(command))
}

/// A short-lived child in a process group of its own: killed when dropped before its end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(None) = self.0.try_wait() {
            let pid = Pid::from_child(&self.0);
            let _ = kill_process_group(pid, Signal::TERM);
            let _ = wait(&mut self.0, Duration::from_secs(5));
            let _ = kill_process_group(pid, Signal::KILL);
            let _ = self.0.wait();
        }
    }
}

/// A long-running program, its log, and its end when this value is dropped. Start it from the main thread.
pub struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
    read: u64,
    stop_with: Signal,
}

impl Process {
    /// Starts it with its output going to `log`.
    pub fn start(
        name: &'static str,
        command: &mut Command,
        log: &Path,
        stop_with: Signal,
    ) -> Result<Self> {
        go_on()?;
        let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdout(out.try_clone()?).stderr(out).process_group(0);
        let child = command.spawn().with_context(|| missing(command))?;
        Ok(Self { name, child, log: log.to_owned(), read: 0, stop_with })
    }

    /// Fails, with the end of its log, when the program is no longer there.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            let log = self.log.display();
            bail!("{} ended with {status}; the end of {log}:\n{}", self.name, tail(&self.log, 30));
        }
        Ok(())
    }

    /// Shows what it logged as an error since the last time.
    pub fn echo_errors(&mut self) {
        let Ok(mut file) = File::open(&self.log) else { return };
        let mut fresh = Vec::new();
        if file.seek(SeekFrom::Start(self.read)).is_err() || file.read_to_end(&mut fresh).is_err() {
            return;
        }
        let whole = fresh.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.read += whole as u64;
        for line in String::from_utf8_lossy(&fresh[..whole]).lines() {
            if line.contains("ERROR") || line.contains("panicked at") {
                say(self.name, line);
            }
        }
    }

    /// Asks it to end, and insists after a while.
    pub fn stop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let pid = Pid::from_child(&self.child);
        let _ = kill_process(pid, self.stop_with);
        if wait(&mut self.child, Duration::from_secs(20)).is_none() {
            say(self.name, "does not stop; ending it by force");
            let _ = kill_process_group(pid, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A command for [`Process`]: under `setpriv --pdeathsig`, where there is one, so that it ends even if we are killed.
pub fn server(program: impl AsRef<OsStr>, stop_with: Signal) -> Command {
    let Some(setpriv) = which("setpriv").filter(|_| cfg!(target_os = "linux")) else {
        return command(program);
    };
    let mut tied = command(setpriv);
    let signal = if stop_with == Signal::INT { "INT" } else { "TERM" };
    tied.arg("--pdeathsig").arg(signal).arg("--").arg(program);
    tied
}

fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < limit {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        sleep(POLL);
    }
    None
}

/// The last lines of a file, indented.
pub fn tail(file: &Path, lines: usize) -> String {
    let text = fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let all: Vec<_> = text.lines().collect();
    let last = &all[all.len().saturating_sub(lines)..];
    last.iter().fold(String::new(), |text, line| text + "    " + line + "\n")
}

/// How long something took, for people.
pub fn took(since: Instant) -> String {
    let seconds = since.elapsed().as_secs_f64();
    if seconds < 90.0 {
        return format!("{seconds:.1} s");
    }
    format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), seconds % 60.0)
}
