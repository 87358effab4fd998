#include "tests/arxiv_emulator/faulty_answer.hpp"

#include "tests/arxiv_emulator/gzip_bomb.hpp"

namespace bibsmith::emulator {
namespace {

using Kind = Fault::Kind;

// What arXiv's front says when it has enough; no markup, no feed.
constexpr std::string_view rate_exceeded = "Rate exceeded.";

constexpr std::string_view html_page =
    "<!DOCTYPE html>\n<html><head><title>arXiv is down for maintenance</title></head>\n"
    "<body><p>Please try again later & thank you.</body></html>\n";

Outcome refuse(int status, const Fault& fault, httplib::Response& response) {
  response.status = status;
  response.set_content(std::string(rate_exceeded), "text/plain");
  Outcome outcome{.status = status};
  if (fault.retry_after_s) {
    response.set_header("Retry-After", std::to_string(*fault.retry_after_s));
    outcome.retry_after = std::chrono::seconds{*fault.retry_after_s};
  }
  return outcome;
}

void redirect(int status, const std::string& location, httplib::Response& response) {
  response.status = status;
  response.set_header("Location", location);
  response.set_content("", "text/html");
}

// Byte by byte, each after a pause, until all is sent, the client has left or the server stops.
void drip(const Answer& answer, const Fault& fault, const httplib::Request& request,
          const LoopbackServer& server, httplib::Response& response) {
  response.set_content_provider(answer.body.size(), answer.content_type,
                                [body = answer.body, delay = fault.delay, peer = request.remote_port,
                                 &server](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                  httplib::Request who;
                                  who.remote_port = peer;
                                  return server.wait(who, delay) && sink.write(body.data() + offset, 1);
                                });
}

// Announces the whole body, sends half of it and closes.
void cut(const Answer& answer, httplib::Response& response) {
  const std::string half = answer.body.substr(0, answer.body.size() / 2);
  response.set_content_provider(answer.body.size() + 1, answer.content_type,
                                [half](std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                  return offset == 0 && sink.write(half.data(), half.size()) && false;
                                });
}

}  // namespace

Distortion distortion_of(const std::optional<Fault>& fault) {
  if (!fault) return Distortion::none;
  switch (fault->kind) {
    case Kind::no_entries:
      return Distortion::no_entries;
    case Kind::missing:
      return Distortion::half_missing;
    case Kind::other_paper:
      return Distortion::other_papers;
    case Kind::no_authors:
      return Distortion::no_authors;
    default:
      return Distortion::none;
  }
}

void write_answer(Answer answer, httplib::Response& response) {
  response.status = answer.status;
  response.set_header("Content-Type", answer.content_type);
  response.body = std::move(answer.body);
}

Outcome write_answer(Answer answer, const std::optional<Fault>& fault, const httplib::Request& request,
                     const LoopbackServer& server, httplib::Response& response) {
  Outcome outcome{.status = answer.status, .good = !fault && answer.status < 500, .retry_after = {}};
  if (!fault) {
    write_answer(std::move(answer), response);
    return outcome;
  }
  write_answer(answer, response);
  switch (fault->kind) {
    case Kind::too_many_requests:
      return refuse(429, *fault, response);
    case Kind::unavailable:
      return refuse(503, *fault, response);
    case Kind::stall:
      if (!server.wait(request, fault->delay)) server.drop(request);
      break;
    case Kind::drip:
      response.body.clear();
      drip(answer, *fault, request, server, response);
      break;
    case Kind::cut:
      response.body.clear();
      cut(answer, response);
      break;
    case Kind::reset:
      server.drop(request);
      outcome.status = 0;
      break;
    case Kind::empty:
      response.set_content("", answer.content_type);
      break;
    case Kind::bad_xml:
      response.set_content(answer.body.substr(0, answer.body.size() / 2) + "<broken & gone",
                           answer.content_type);
      break;
    case Kind::html:
      response.set_content(std::string(html_page), "text/html; charset=utf-8");
      break;
    case Kind::redirect_loop:
      redirect(302, request.target, response);
      outcome.status = 302;
      break;
    case Kind::downgrade:
      redirect(301, "http://arxiv.invalid" + request.target, response);
      outcome.status = 301;
      break;
    case Kind::gzip_bomb:
      response.set_header("Content-Encoding", "gzip");
      response.set_content(gzip_bomb(gzip_bomb_bytes), answer.content_type);
      break;
    case Kind::no_entries:
    case Kind::missing:
    case Kind::other_paper:
    case Kind::no_authors:
      break;  // distortion_of()
  }
  return outcome;
}

}  // namespace bibsmith::emulator
