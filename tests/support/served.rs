//! The service as a process, and what its clients and operators do to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A service that runs, killed when it is dropped.
pub struct Served {
    pub child: Child,
    pub address: String,
    log: Option<JoinHandle<String>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_as(arguments, |command| command)
    }

    /// Starts it in a group of processes of its own, as a shell does.
    pub fn start_in_group(arguments: &[&str]) -> Self {
        Self::start_as(arguments, |command| command.process_group(0))
    }

    fn start_as(arguments: &[&str], how: fn(&mut Command) -> &mut Command) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nianbao"));
        let mut child = how(&mut command)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap();
        let address = address.strip_suffix('/').unwrap().to_owned();
        // A pipe that nobody reads is full at some time.
        let mut output = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            output.read_to_string(&mut log).unwrap();
            log
        });
        Self {
            child,
            address,
            log: Some(log),
        }
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Sends a request but for its last bytes, and waits until the service has begun to take it.
    pub fn begin<'r>(&self, request: &'r str) -> (TcpStream, &'r str) {
        let (head, content) = request.split_once("\r\n\r\n").unwrap();
        let mut stream = self.connect();
        write!(stream, "{head}\r\nExpect: 100-continue\r\n\r\n").unwrap();
        // It says so when it reads the content.
        let wanted = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut told = [0; 25];
        stream.read_exact(&mut told).unwrap();
        assert_eq!(&told, wanted);
        let (first, rest) = content.split_at(content.len() - 10);
        stream.write_all(first.as_bytes()).unwrap();
        (stream, rest)
    }

    /// Waits until nobody is taken any more, a minute at most.
    pub fn until_closed(&self) {
        let started = Instant::now();
        while TcpStream::connect(&self.address).is_ok() {
            assert!(started.elapsed() < Duration::from_mins(1), "still taken");
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn stop(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(&id).status().unwrap().success());
    }

    /// How it ended, and what it logged.
    pub fn ended(mut self) -> (bool, String) {
        let status = self.child.wait().unwrap();
        let log = self.log.take().unwrap().join().unwrap();
        (status.success(), log)
    }
}

pub fn request(text: &str) -> String {
    request_for("/api/v1/pdf", text)
}

pub fn request_for(path: &str, text: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/yaml\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    )
}

pub fn answer(mut stream: TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

/// The status of an answer.
pub fn status(answer: &[u8]) -> u16 {
    let line = String::from_utf8_lossy(&answer[..answer.len().min(20)]).into_owned();
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {line:?}"))
}

/// The content of an answer.
pub fn content(answer: &[u8]) -> &[u8] {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n");
    &answer[head.expect("a head") + 4..]
}
