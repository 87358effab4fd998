#include "fetchers/cache/postgres_address.hpp"

#include <map>
#include <memory>

#include "fetchers/cache/pq_library.hpp"

namespace bibsmith::fetchers {

namespace {

constexpr std::size_t message_bytes_max = 500;

using Options = std::map<std::string, std::string, std::less<>>;  // those that are set

Options options_of(std::string_view url) {
  Options options;
  if (!is_postgres_url(url) || !pq().error.empty()) return options;
  char* error = nullptr;
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> parsed(
      pq().PQconninfoParse(std::string(url).c_str(), &error), pq().PQconninfoFree);
  pq().PQfreemem(error);  // it may quote the password
  if (!parsed) return options;
  for (const PQconninfoOption* one = parsed.get(); one->keyword != nullptr; ++one) {
    if (one->val != nullptr && *one->val != '\0') options[one->keyword] = one->val;
  }
  return options;
}

std::string plain_line(std::string_view text) {
  std::string line;
  for (const char c : text.substr(0, message_bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_blank = byte < 0x20 || byte == 0x7F;
    if (!is_blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace

bool is_postgres_url(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

std::string shown_address(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == url.npos) return std::string(url);
  const Options options = options_of(url);
  const std::string front(url.substr(0, scheme + 3));
  if (options.empty()) return plain_line(front + "...");
  const auto part = [&](std::string_view name) {
    const auto found = options.find(name);
    return found == options.end() ? std::string{} : found->second;
  };
  const std::string user = part("user");
  const std::string port = part("port");
  const std::string host = part("host").empty() ? part("hostaddr") : part("host");
  const std::string service = part("service");
  std::string shown = front + (user.empty() ? user : user + '@') + host + (port.empty() ? port : ':' + port) +
                      '/' + part("dbname") + (service.empty() ? service : "?service=" + service);
  return plain_line(shown);
}

std::string shown_message(std::string_view message, std::string_view url) {
  std::string line = plain_line(message);
  const Options options = options_of(url);
  for (const char* name : {"password", "sslpassword"}) {
    const auto found = options.find(name);
    if (found == options.end()) continue;
    for (std::size_t at = 0; (at = line.find(found->second, at)) != line.npos; at += 3)
      line.replace(at, found->second.size(), "***");
  }
  return line;
}

}  // namespace bibsmith::fetchers
