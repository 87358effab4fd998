#include "plugin/rpc/message_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <climits>

#include "bibtex/syntax/ascii.hpp"

namespace bibsmith::plugin {

namespace {

constexpr std::size_t read_bytes = 64 << 10;
constexpr std::string_view white_space = " \t\r\n";

bool is_name(std::string_view text, std::string_view lower_case_name) {
  if (text.size() != lower_case_name.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (bibtex::lower(text[i]) != lower_case_name[i]) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

tl::unexpected<StreamEnd> end_with(std::string problem) {
  return tl::unexpected(StreamEnd{std::move(problem)});
}

}  // namespace

bool MessageReader::fill(const std::stop_token& stop) {
  if (begin_ > 0 && (begin_ == buffer_.size() || begin_ > read_bytes)) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  const std::size_t count = read_some(descriptor_, chunk_, waiter_, stop);
  buffer_.append(chunk_, 0, count);
  return count > 0;
}

bool MessageReader::find_framing(const std::stop_token& stop) {
  for (;;) {
    const std::size_t first = buffer_.find_first_not_of(white_space, begin_);
    if (first != buffer_.npos) {
      framing_ = buffer_[first] == '{' || buffer_[first] == '[' ? Framing::line : Framing::header;
      is_framing_known_ = true;
      return true;
    }
    begin_ = buffer_.size();
    if (!fill(stop)) return false;
  }
}

tl::expected<std::string, StreamEnd> MessageReader::next(const std::stop_token& stop) {
  if (!is_framing_known_ && !find_framing(stop)) return end_with({});
  return framing_ == Framing::line ? next_line(stop) : next_with_header(stop);
}

tl::expected<std::string, StreamEnd> MessageReader::next_line(const std::stop_token& stop) {
  std::size_t looked_at = begin_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', looked_at);
    if (end != buffer_.npos) {
      // White space around it counts, as it does while the end of the line is still to come.
      if (end - begin_ > bytes_max_) return end_with("a message of more bytes than are taken");
      std::string message(trimmed(std::string_view(buffer_).substr(begin_, end - begin_)));
      begin_ = looked_at = end + 1;
      if (!message.empty()) return message;
      continue;
    }
    looked_at = buffer_.size();
    if (looked_at - begin_ > bytes_max_) return end_with("a message of more bytes than are taken");
    const std::size_t before = begin_;
    if (!fill(stop)) {
      // A last line without its end is a message all the same.
      std::string message(trimmed(std::string_view(buffer_).substr(begin_)));
      begin_ = buffer_.size();
      if (message.empty() || stop.stop_requested()) return end_with({});
      return message;
    }
    looked_at -= before - begin_;
  }
}

tl::expected<std::size_t, StreamEnd> MessageReader::read_header(const std::stop_token& stop) {
  std::size_t length = 0;
  bool has_length = false;
  std::size_t bytes = 0;
  for (;;) {
    std::size_t end = buffer_.find('\n', begin_);
    while (end == buffer_.npos) {
      if (buffer_.size() - begin_ > header_bytes_max) return end_with("a header that does not end");
      if (!fill(stop)) {
        const bool is_clean = bytes == 0 && begin_ == buffer_.size();
        return end_with(is_clean || stop.stop_requested() ? "" : "the stream ends inside a header");
      }
      end = buffer_.find('\n', begin_);
    }
    const std::string_view line = trimmed(std::string_view(buffer_).substr(begin_, end - begin_));
    bytes += end + 1 - begin_;
    begin_ = end + 1;
    if (bytes > header_bytes_max) return end_with("a header that does not end");
    if (line.empty()) {
      if (has_length) return length;
      if (bytes > 2) return end_with("a header without Content-Length");
      bytes = 0;  // an empty line between messages does no harm
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos) return end_with("a line of a header without a colon");
    if (!is_name(trimmed(line.substr(0, colon)), "content-length")) continue;
    const std::string_view value = trimmed(line.substr(colon + 1));
    const auto [stopped, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc{} || stopped != value.data() + value.size()) {
      return end_with("a Content-Length that is no number of bytes");
    }
    has_length = true;
  }
}

tl::expected<std::string, StreamEnd> MessageReader::next_with_header(const std::stop_token& stop) {
  const auto length = read_header(stop);
  if (!length) return tl::unexpected(length.error());
  if (*length > bytes_max_) return end_with("a message of more bytes than are taken");
  // Read where it stays: a message may be as long as the largest file.
  std::string message = buffer_.substr(begin_, *length);
  begin_ += message.size();
  while (message.size() < *length) {
    const std::size_t count = read_some(descriptor_, chunk_, waiter_, stop);
    if (count == 0) return end_with(stop.stop_requested() ? "" : "the stream ends inside a message");
    const std::size_t wanted = std::min(count, *length - message.size());
    message.append(chunk_, 0, wanted);
    buffer_.append(chunk_, wanted, count - wanted);
  }
  return message;
}

std::string framed(std::string_view message, Framing framing) {
  if (framing == Framing::line) return std::string(message) + '\n';
  return "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + std::string(message);
}

bool write_all(int descriptor, std::string_view bytes, const std::stop_token& stop,
               const Waiter::Deadline& deadline) {
  Waiter waiter;
  bool is_socket = true;
  while (!bytes.empty()) {
    if (stop.stop_requested()) return false;
    ssize_t count = -1;
    if (is_socket) {
      count = ::send(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      is_socket = count >= 0 || errno != ENOTSOCK;
      if (!is_socket) continue;
    } else {
      if (waiter.wait(descriptor, POLLOUT, stop, deadline) != Waited::ready) return false;
      // A pipe that is ready has room for PIPE_BUF bytes (POSIX, "poll"); more could block.
      count = ::write(descriptor, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
    }
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    if (count >= 0 || errno == EINTR) continue;
    if (errno != EAGAIN) return false;
    if (waiter.wait(descriptor, POLLOUT, stop, deadline) != Waited::ready) return false;
  }
  return true;
}

std::size_t read_some(int descriptor, std::string& chunk, Waiter& waiter, const std::stop_token& stop,
                      const Waiter::Deadline& deadline) {
  chunk.resize(read_bytes);
  bool is_socket = true;
  for (;;) {
    if (stop.stop_requested()) return 0;
    if (is_socket) {
      const ssize_t count = ::recv(descriptor, chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (count >= 0) return static_cast<std::size_t>(count);
      is_socket = errno != ENOTSOCK;
      if (is_socket && errno != EAGAIN && errno != EINTR) return 0;
    }
    if (waiter.wait(descriptor, POLLIN, stop, deadline) != Waited::ready) return 0;
    if (is_socket) continue;
    const ssize_t count = ::read(descriptor, chunk.data(), chunk.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) return 0;
  }
}

bool wait_for_hang_up(int descriptor, const std::stop_token& stop, short events) {
  Waiter waiter;
  return waiter.wait(descriptor, events, stop) == Waited::ready;
}

}  // namespace bibsmith::plugin
