#include "tests/arxiv_emulator/emulator.hpp"

#include <algorithm>
#include <mutex>

#include "tests/arxiv_emulator/abs_page.hpp"
#include "tests/arxiv_emulator/atom_endpoint.hpp"
#include "tests/arxiv_emulator/author_feed.hpp"
#include "tests/arxiv_emulator/bibtex_export.hpp"
#include "tests/arxiv_emulator/faulty_answer.hpp"
#include "tests/arxiv_emulator/form.hpp"
#include "tests/arxiv_emulator/loopback_server.hpp"
#include "tests/arxiv_emulator/oai_endpoint.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {
namespace {

constexpr std::string_view endpoints_text =
    "/api/query   Atom (GET, POST)\n"
    "/oai   OAI-PMH (GET, POST)\n"
    "/bibtex/ID   what Export BibTeX prints\n"
    "/abs/ID   citation_* meta elements\n"
    "/a/AUTHOR.atom   the papers that an author claims\n"
    "/control/fault?spec=…   POST: replaces the faults; without spec: none\n"
    "/control/report   how the client behaved so far, as JSON; POST: starts afresh\n";

// werkzeug's texts, which arXiv's endpoint puts into its error feed.
constexpr std::string_view not_found =
    "The requested URL was not found on the server. If you entered the URL manually please check your "
    "spelling "
    "and try again.";
constexpr std::string_view method_not_allowed = "The method is not allowed for the requested URL.";

Answer plain_text(int status, std::string text) {
  return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text)};
}

std::string endpoint_of(std::string_view path) {
  if (path == "/api/query") return "atom";
  if (path == "/oai") return "oai";
  if (path.starts_with("/bibtex/")) return "bibtex";
  if (path.starts_with("/abs/")) return "abs";
  if (path.starts_with("/a/")) return "author";
  return "other";
}

}  // namespace

class Emulator::Service {
 public:
  explicit Service(EmulatorOptions options)
      : options_(std::move(options)),
        conduct_(options_.interval),
        server_([this](const httplib::Request& request, const std::string& body,
                       httplib::Response& response) { handle(request, body, response); },
                [this](std::size_t count) { conduct_.connections_open(count); }) {
    problem_ = start();
  }
  ~Service() { server_.stop(); }

  const std::string& problem() const { return problem_; }
  int port() const { return server_.port(); }
  const Conduct& conduct() const { return conduct_; }
  Conduct& conduct() { return conduct_; }

  tl::expected<void, std::string> set_faults(const std::vector<std::string>& specifications) {
    std::vector<Fault> faults;
    for (const std::string& specification : specifications) {
      auto fault = parse_fault(specification);
      if (!fault) return tl::unexpected(fault.error());
      faults.push_back(*fault);
    }
    const std::lock_guard lock(mutex_);
    faults_ = std::move(faults);
    requests_ = 0;
    return {};
  }

 private:
  std::string start() {
    std::vector<StoredPaper> papers;
    for (const std::string& path : options_.records) {
      auto loaded = load_papers(path);
      if (!loaded) return loaded.error();
      std::ranges::move(*loaded, std::back_inserter(papers));
    }
    std::ranges::move(options_.papers, std::back_inserter(papers));
    archive_ = std::make_unique<Archive>(std::move(papers), options_.engine);
    if (auto set = set_faults(options_.faults); !set) return set.error();
    if (!server_.start(options_.port))
      return "port " + std::to_string(options_.port) + " cannot be listened on";
    return {};
  }

  std::chrono::sys_seconds now() const {
    return options_.now.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  }

  // The first fault that hits the next request.
  std::optional<Fault> next_fault(const std::string& endpoint) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    const auto hit =
        std::ranges::find_if(faults_, [&](const Fault& fault) { return fault.hits(requests_, endpoint); });
    return hit == faults_.end() ? std::nullopt : std::optional(*hit);
  }

  void handle(const httplib::Request& request, const std::string& body, httplib::Response& response) {
    if (request.path == "/" || request.path.starts_with("/control/")) {
      write_answer(control(request), response);
      return;
    }
    const std::string_view target = request.target;
    const std::string query(target.substr(std::min(target.find('?'), target.size() - 1) + 1));
    const Form form = Form::parse(body.empty() ? query : body);

    Conduct::Request noted{.endpoint = endpoint_of(request.path), .method = request.method};
    noted.target = request.target + (body.empty() ? "" : "\n" + body);
    noted.user_agent = request.get_header_value("User-Agent");
    noted.url_bytes = request.target.size();
    if (const std::string* ids = form.find("id_list"); ids != nullptr && !ids->empty()) {
      noted.batch = split(*ids, ',').size();
    }
    conduct_.request_started(noted, std::chrono::steady_clock::now());
    const std::optional<Fault> fault = next_fault(noted.endpoint);
    const Outcome outcome =
        write_answer(answer_of(request.method, request.path, form, fault), fault, request, server_, response);
    conduct_.request_answered(noted, outcome.status, outcome.good, outcome.retry_after,
                              std::chrono::steady_clock::now());
    if (options_.log) {
      options_.log(request.method + " " + request.target + " -> " + std::to_string(outcome.status) +
                   (fault ? " (" + std::string(name_of(fault->kind)) + ")" : ""));
    }
  }

  Answer answer_of(std::string_view method, std::string_view path, const Form& form,
                   const std::optional<Fault>& fault) const {
    const bool readable = method == "GET" || method == "HEAD" || method == "POST";
    if (path.starts_with("/api/") && (path != "/api/query" || !readable)) {
      return atom_error(readable ? 404 : 405, readable ? not_found : method_not_allowed, atom_errors_page,
                        now());
    }
    if (!readable) return plain_text(405, "Method Not Allowed\n");
    if (path == "/api/query") return answer_atom(*archive_, form, now(), distortion_of(fault));
    if (path == "/oai") {
      const OaiPaging paging{options_.oai_records_per_page, options_.oai_headers_per_page};
      return answer_oai(*archive_, form, paging, now(), distortion_of(fault));
    }
    if (path.starts_with("/bibtex/")) return answer_bibtex(*archive_, path.substr(8));
    if (path.starts_with("/abs/")) return answer_abs(*archive_, path.substr(5));
    if (path.starts_with("/a/")) return answer_author_feed(*archive_, path.substr(3), now());
    return plain_text(404, "Not Found\n");
  }

  Answer control(const httplib::Request& request) {
    if (request.path == "/") return plain_text(200, std::string(endpoints_text));
    if (request.path == "/control/report") {
      if (request.method == "POST") conduct_.forget();
      return {.content_type = "application/json", .body = conduct_.report().json()};
    }
    if (request.path == "/control/fault" && request.method == "POST") {
      std::vector<std::string> specifications;
      const auto [begin, end] = request.params.equal_range("spec");
      std::for_each(begin, end, [&](const auto& pair) { specifications.push_back(pair.second); });
      const auto set = set_faults(specifications);
      return set ? plain_text(200, "faults: " + std::to_string(specifications.size()) + "\n")
                 : plain_text(400, set.error() + "\n");
    }
    return plain_text(404, "Not Found\n");
  }

  EmulatorOptions options_;
  Conduct conduct_;
  std::unique_ptr<const Archive> archive_;
  std::string problem_;
  std::mutex mutex_;
  std::vector<Fault> faults_;
  std::uint64_t requests_ = 0;
  LoopbackServer server_;  // the last member: its threads use the others
};

Emulator::Emulator(EmulatorOptions options) : service_(std::make_unique<Service>(std::move(options))) {}
Emulator::~Emulator() = default;

const std::string& Emulator::problem() const { return service_->problem(); }
int Emulator::port() const { return service_->port(); }
std::string Emulator::url() const { return "http://127.0.0.1:" + std::to_string(port()); }
std::string Emulator::atom_url() const { return url() + "/api/query"; }
std::string Emulator::oai_url() const { return url() + "/oai"; }
std::string Emulator::bibtex_url() const { return url() + "/bibtex"; }
std::string Emulator::abs_url() const { return url() + "/abs"; }

tl::expected<void, std::string> Emulator::set_faults(const std::vector<std::string>& specifications) {
  return service_->set_faults(specifications);
}

ConductReport Emulator::report() const { return service_->conduct().report(); }
void Emulator::forget() { service_->conduct().forget(); }

}  // namespace bibsmith::emulator
