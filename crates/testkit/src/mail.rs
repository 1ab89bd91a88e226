//! An SMTP server inside the test that keeps what it is given: enough of RFC 5321 for a client
//! without TLS or a password.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use mail_parser::MessageParser;
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

/// One message as it arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients, in order.
    pub to: Vec<String>,
    /// Header and body, with CRLF at line ends and without dot stuffing.
    pub raw: Vec<u8>,
    /// The decoded subject, empty without one.
    pub subject: String,
    /// The decoded text body, made from the HTML part when there is no other.
    pub text: String,
}

/// A running mail server; dropping it stops it.
#[derive(Debug)]
pub struct MailCatcher {
    addr: SocketAddr,
    letterbox: Arc<Letterbox>,
    task: AbortHandle,
}

#[derive(Debug, Default)]
struct Letterbox {
    messages: Mutex<Vec<Message>>,
    refusing: AtomicBool,
}

impl MailCatcher {
    /// Starts a server on a free port of 127.0.0.1.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port of 127.0.0.1 is free");
        let addr = listener.local_addr().expect("a bound socket has an address");
        let letterbox = Arc::<Letterbox>::default();
        let task = tokio::spawn(listen(listener, Arc::clone(&letterbox))).abort_handle();
        Self { addr, letterbox, task }
    }

    /// Where to send: `smtp://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// What has arrived so far, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.letterbox.messages().clone()
    }

    /// The newest message to this address, if any has arrived.
    pub fn last_to(&self, address: &str) -> Option<Message> {
        let messages = self.letterbox.messages();
        messages.iter().rev().find(|message| message.to.iter().any(|to| to == address)).cloned()
    }

    /// From now on turns every message away for the time being (451), or takes them again.
    pub fn refuse(&self, refusing: bool) {
        self.letterbox.refusing.store(refusing, Ordering::Release);
    }
}

impl Drop for MailCatcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Letterbox {
    fn messages(&self) -> MutexGuard<'_, Vec<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn listen(listener: TcpListener, letterbox: Arc<Letterbox>) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                sessions.spawn(talk(client, Arc::clone(&letterbox)));
            }
            Some(_) = sessions.join_next() => {}
        }
    }
}

async fn talk(mut client: TcpStream, letterbox: Arc<Letterbox>) -> io::Result<()> {
    let (from_client, mut to_client) = client.split();
    let mut lines = BufReader::new(from_client);
    to_client.write_all(b"220 testkit ready\r\n").await?;
    let mut message = Message::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let command = String::from_utf8_lossy(&line);
        let verb = command.trim_end().split([' ', ':']).next().unwrap_or_default();
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => "250-testkit\r\n250-8BITMIME\r\n250 SMTPUTF8",
            "MAIL" if letterbox.refusing.load(Ordering::Acquire) => "451 4.3.0 try again later",
            "MAIL" => {
                message = Message { from: path(&command), ..Message::default() };
                "250 2.1.0 sender noted"
            }
            "RCPT" => {
                message.to.push(path(&command));
                "250 2.1.5 recipient noted"
            }
            "DATA" if message.to.is_empty() => "503 5.5.1 nobody to send it to",
            "DATA" => {
                to_client.write_all(b"354 end with a dot\r\n").await?;
                message.raw = body(&mut lines).await?;
                letterbox.messages().push(decoded(std::mem::take(&mut message)));
                "250 2.0.0 kept"
            }
            "HELO" | "NOOP" | "RSET" => "250 2.0.0 as you wish",
            "QUIT" => {
                return to_client.write_all(b"221 2.0.0 bye\r\n").await;
            }
            _ => "502 5.5.1 unknown here",
        };
        to_client.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// The address between angle brackets, empty for the null sender.
fn path(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// The lines up to the single dot, each without the dot that was stuffed before it.
async fn body(lines: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(body);
        }
        body.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn decoded(message: Message) -> Message {
    let parsed = MessageParser::default().parse(&message.raw);
    let text = |of: &mail_parser::Message<'_>| of.body_text(0).map(std::borrow::Cow::into_owned);
    let (subject, text) = parsed.as_ref().map_or_else(Default::default, |parsed| {
        (parsed.subject().unwrap_or_default().to_owned(), text(parsed).unwrap_or_default())
    });
    Message { subject, text, ..message }
}
