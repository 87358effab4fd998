#include "plugin/rpc/json_rpc.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "fetchers/json/json.hpp"

namespace bibsmith::plugin {

namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t message_depth_max = 64;

RpcRequest refused(RpcCode code, std::string message, json id = nullptr) {
  return {JsonDocument(std::move(id)), {}, JsonDocument(json()), {}, RpcError{code, std::move(message), {}}};
}

bool is_id(const json& id) { return id.is_string() || id.is_number() || id.is_null(); }

RpcRequest read_request(json& object) {
  if (!object.is_object()) return refused(RpcCode::invalid_request, "a request is an object");
  const auto id = object.find("id");
  const bool has_id = id != object.end();
  if (has_id && !is_id(*id)) return refused(RpcCode::invalid_request, "an id is a text, a number or null");
  const json known_id = has_id ? *id : json();
  const auto version = object.find("jsonrpc");
  if (version == object.end() || *version != "2.0") {
    return refused(RpcCode::invalid_request, "\"jsonrpc\" must be \"2.0\"", known_id);
  }
  const auto method = object.find("method");
  if (method == object.end() || !method->is_string()) {
    return refused(RpcCode::invalid_request, "\"method\" must be a text", known_id);
  }
  RpcRequest request{{}, method->get<std::string>(), JsonDocument(json()), {}, {}};
  if (has_id) request.id.emplace(json(known_id));
  if (const auto parameters = object.find("params"); parameters != object.end()) {
    if (parameters->is_object()) {
      const auto token = parameters->find("progress_token");
      if (token != parameters->end() && (token->is_string() || token->is_number())) {
        request.progress_token.emplace(std::move(*token));
        parameters->erase("progress_token");
      }
    }
    request.parameters = JsonDocument(std::move(*parameters));
  }
  return request;
}

json error_of(const RpcError& error) {
  json out{{"code", static_cast<int>(error.code)}, {"message", error.message}};
  if (error.retry_after) out["data"]["retry_after_s"] = error.retry_after->count();
  return out;
}

}  // namespace

RpcMessage read_message(std::string_view text) {
  RpcMessage message;
  if (text.size() > message_bytes_max || fetchers::is_deeper(text, message_depth_max)) {
    message.requests.push_back(refused(RpcCode::invalid_request, "the message is too large or too deep"));
    return message;
  }
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    message.requests.push_back(refused(RpcCode::parse_error, "the message is no JSON"));
    return message;
  }
  if (!document.is_array()) {
    message.requests.push_back(read_request(document));
    return message;
  }
  if (document.empty() || document.size() > batch_requests_max) {
    message.requests.push_back(refused(RpcCode::invalid_request, "a batch holds 1 to 1,000 requests"));
    return message;
  }
  message.is_batch = true;
  for (json& one : document) message.requests.push_back(read_request(one));
  return message;
}

MethodResult call(const RpcRequest& request, const CallContext& context) {
  if (request.error) return tl::unexpected(*request.error);
  return call_method(request.method, request.parameters.value(), context);
}

std::string response_to(const RpcRequest& request, const MethodResult& result) {
  const JsonDocument* document = result ? &*result : nullptr;
  JsonDocument error{json()};
  if (!result) {
    error = JsonDocument(error_of(result.error()));
    document = &error;
  }
  return "{\"jsonrpc\":\"2.0\",\"id\":" + (request.id ? request.id->compact() : "null") +
         (result ? ",\"result\":" : ",\"error\":") + document->compact() + '}';
}

std::string batch_of(const std::vector<std::string>& responses) {
  std::string out;
  for (const std::string& one : responses) out += (out.empty() ? "[" : ",") + one;
  return out.empty() ? out : out + ']';
}

std::string progress_message(const JsonDocument& token, std::size_t done, std::size_t total) {
  return "{\"jsonrpc\":\"2.0\",\"method\":\"bibsmith/progress\",\"params\":{\"token\":" + token.compact() +
         ",\"done\":" + std::to_string(done) + ",\"total\":" + std::to_string(total) + "}}";
}

}  // namespace bibsmith::plugin
