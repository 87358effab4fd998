#include "plugin/http/http_connection.hpp"

#include <algorithm>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <utility>

#include "plugin/rpc/message_stream.hpp"

namespace bibsmith::plugin {

namespace {

class Connection {
 public:
  Connection(int socket, const HttpHandler& handler, const HttpPatience& patience,
             const std::stop_token& closing, const std::stop_token& stop)
      : socket_(socket), handler_(handler), patience_(patience), closing_(closing), stop_(stop) {}

  void serve() {
    while (serve_one()) {
    }
  }

 private:
  // false: the connection ends.
  bool serve_one() {
    if (closing_.stop_requested()) return false;
    if (buffer_.empty() && !fill(deadline(patience_.idle), closing_)) return false;
    begin_ = Waiter::Clock::now();
    const auto end = deadline(patience_.request);
    std::size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == buffer_.npos) {
      if (buffer_.size() > head_bytes_max)
        return refuse(refusal_of(431, "the head of the request is too long"));
      if (!fill(end, stop_)) return refuse(refusal_of(408, "the request did not come in time"));
    }
    head_end += 4;
    if (head_end > head_bytes_max) return refuse(refusal_of(431, "the head of the request is too long"));
    auto request = read_head(std::string_view(buffer_).substr(0, head_end));
    buffer_.erase(0, head_end);
    if (!request) return refuse(request.error());
    if (auto refused = handler_.refuse(*request)) return refuse(*refused, &*request);
    if (request->body_bytes > patience_.body_bytes_max)
      return refuse(refusal_of(413, "the body is too large"), &*request);
    if (!read_body(*request, end)) return false;
    const WebResponse response = answer(*request);
    tell(&*request, response);
    const bool is_head_only = request->method == "HEAD";
    if (response.stream) return write_stream(response, is_head_only);
    return write(response, !request->keeps_connection || closing_.stop_requested(), is_head_only);
  }

  bool read_body(WebRequest& request, const Waiter::Deadline& end) {
    if (request.waits_for_continue && buffer_.size() < request.body_bytes &&
        !write_all(socket_, "HTTP/1.1 100 Continue\r\n\r\n", stop_, end)) {
      return false;
    }
    while (buffer_.size() < request.body_bytes) {
      if (!fill(end, stop_)) return refuse(refusal_of(408, "the request did not come in time"), &request);
    }
    request.body = buffer_.substr(0, request.body_bytes);
    buffer_.erase(0, request.body_bytes);
    return true;
  }

  // What `work` gives, whose token is requested when the client is gone, and with `end`.
  template <typename Work>
  auto until_gone(const std::stop_token& end, const Work& work) {
    std::stop_source gone;
    const std::stop_callback on_end(end, [&] { gone.request_stop(); });
    const std::jthread watch([&](const std::stop_token& done) {
      if (wait_for_hang_up(socket_, done, POLLRDHUP)) gone.request_stop();
    });
    return work(gone.get_token());
  }

  // A client that goes away while it waits is not worked for any longer.
  WebResponse answer(const WebRequest& request) {
    return until_gone(stop_, [&](const std::stop_token& gone) { return handler_.answer(request, gone); });
  }

  // Nobody waits for the end of a stream when the server ends: the client asks anew.
  bool write_stream(const WebResponse& response, bool is_head_only) {
    if (write_all(socket_, text_of(response, true, is_head_only), closing_, deadline(patience_.response)) &&
        !is_head_only) {
      until_gone(closing_, [&](const std::stop_token& gone) {
        const auto send = [&](std::string_view piece) {
          return write_all(socket_, piece, gone, deadline(patience_.response));
        };
        response.stream(send, gone);
      });
    }
    return false;
  }

  // What still comes of a refused request is read and dropped: closing on it would reset the connection, and
  // the client might never see why.
  bool refuse(const WebResponse& response, const WebRequest* request = nullptr) {
    tell(request, response);
    write(response, true, false);
    ::shutdown(socket_, SHUT_WR);
    const auto end = deadline(std::min(patience_.idle, std::chrono::milliseconds{2000}));
    std::size_t dropped = 0;
    while (dropped < patience_.body_bytes_max) {
      const std::size_t count = read_some(socket_, chunk_, waiter_, stop_, end);
      if (count == 0) break;
      dropped += count;
    }
    return false;
  }

  bool write(const WebResponse& response, bool is_last, bool is_head_only) {
    return write_all(socket_, text_of(response, is_last, is_head_only), stop_,
                     deadline(patience_.response)) &&
           !is_last;
  }

  // Before the client has it, so that who asks next finds it told.
  void tell(const WebRequest* request, const WebResponse& response) const {
    if (!handler_.told) return;
    handler_.told(request, response,
                  std::chrono::duration_cast<std::chrono::microseconds>(Waiter::Clock::now() - begin_));
  }

  bool fill(const Waiter::Deadline& end, const std::stop_token& stop) {
    const std::size_t count = read_some(socket_, chunk_, waiter_, stop, end);
    buffer_.append(chunk_, 0, count);
    return count > 0;
  }

  static Waiter::Deadline deadline(std::chrono::milliseconds patience) {
    return Waiter::Clock::now() + patience;
  }

  int socket_;
  const HttpHandler& handler_;
  const HttpPatience& patience_;
  const std::stop_token& closing_;
  const std::stop_token& stop_;
  Waiter::Clock::time_point begin_;  // of the request under way
  Waiter waiter_;
  std::string chunk_;
  std::string buffer_;
};

}  // namespace

void serve_http(int socket, const HttpHandler& handler, const HttpPatience& patience,
                const std::stop_token& closing, const std::stop_token& stop) {
  Connection(socket, handler, patience, closing, stop).serve();
}

}  // namespace bibsmith::plugin
