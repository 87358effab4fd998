#include "plugin/rpc/conversation.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace bibsmith::plugin {

// The responses of a batch, which are sent together when the last one is there.
struct Conversation::Batch {
  std::size_t left = 0;
  std::vector<std::string> responses;
};

Conversation::Conversation(SessionPool& sessions, Send send)
    : sessions_(sessions), send_(std::move(send)), worker_([this] { work(); }) {}

Conversation::~Conversation() {
  abandon();
  worker_.join();
}

void Conversation::abandon() {
  std::shared_ptr<Job> running;
  {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    waiting_bytes_ = 0;
    is_closed_ = true;
    running = running_;
  }
  changed_.notify_all();
  if (running) running->stop.request_stop();
}

void Conversation::receive(std::string_view text) {
  RpcMessage message = read_message(text);
  auto batch = message.is_batch ? std::make_shared<Batch>() : nullptr;
  if (batch) batch->left = message.requests.size();
  std::size_t bytes = text.size();
  for (RpcRequest& request : message.requests) {
    if (!request.error && request.method == "$/cancelRequest") cancel(request);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return is_closed_ ||
             (waiting_.size() < waiting_requests_max && (waiting_bytes_ < waiting_bytes_max || bytes == 0));
    });
    if (is_closed_) return;
    waiting_.push_back(std::make_shared<Job>(Job{std::move(request), {}, batch, bytes}));
    waiting_bytes_ += std::exchange(bytes, 0);
    changed_.notify_all();
  }
}

void Conversation::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.empty() && !running_; });
}

void Conversation::cancel(const RpcRequest& request) {
  const auto& parameters = request.parameters.value();
  if (!parameters.is_object() || !parameters.contains("id")) return;
  const auto& id = parameters["id"];
  const std::lock_guard lock(mutex_);
  const auto stop = [&](Job& job) {
    if (job.request.id && job.request.id->value() == id) job.stop.request_stop();
  };
  if (running_) stop(*running_);
  for (const auto& job : waiting_) stop(*job);
}

void Conversation::work() {
  for (;;) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock lock(mutex_);
      running_.reset();
      changed_.notify_all();
      changed_.wait(lock, [&] { return is_closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      running_ = job = std::move(waiting_.front());
      waiting_.pop_front();
      waiting_bytes_ -= job->bytes;
    }
    if (!job->request.error && job->request.method == "$/cancelRequest" && !job->request.id) {
      answer(*job, tl::unexpected(RpcError{}));  // done when it came in
      continue;
    }
    if (job->stop.stop_requested()) {
      answer(*job, tl::unexpected(RpcError{RpcCode::cancelled, "cancelled", {}}));
      continue;
    }
    const SessionPool::Lease session = sessions_.take();
    CallContext context{*session, job->stop.get_token(), {}};
    if (const auto& token = job->request.progress_token) {
      context.progress = [&](std::size_t done, std::size_t total) {
        send(progress_message(*token, done, total));
      };
    }
    const MethodResult result = call(job->request, context);
    // A method that writes says what it had done before it was stopped; else nobody wants half an answer.
    const Method* method = find_method(job->request.method);
    if (job->stop.stop_requested() && result && !method->writes) {
      answer(*job, tl::unexpected(RpcError{RpcCode::cancelled, "cancelled", {}}));
    } else {
      answer(*job, result);
    }
  }
}

void Conversation::answer(Job& job, const MethodResult& result) {
  std::string response;
  if (job.request.id) response = response_to(job.request, result);
  if (job.batch) {
    if (!response.empty()) job.batch->responses.push_back(std::move(response));
    if (--job.batch->left > 0) return;
    response = batch_of(job.batch->responses);
  }
  if (!response.empty()) send(response);
}

void Conversation::send(const std::string& message) {
  const std::lock_guard lock(send_mutex_);
  send_(message);
}

}  // namespace bibsmith::plugin
