#include "tests/source_emulator/source_emulator.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include "tests/arxiv_emulator/faulty_answer.hpp"
#include "tests/arxiv_emulator/loopback_server.hpp"
#include "tests/arxiv_emulator/text.hpp"

namespace bibsmith::emulator {

namespace {

constexpr std::array source_names = {"crossref", "datacite", "dblp", "openalex"};

}  // namespace

class SourceEmulator::Service {
 public:
  explicit Service(SourceEmulatorOptions options)
      : works_(std::move(options.works)),
        server_([this](const httplib::Request& request, const std::string& body,
                       httplib::Response& response) { handle(request, body, response); },
                [this](std::size_t count) {
                  for (auto& [name, conduct] : conducts_) conduct.connections_open(count);
                }) {
    for (const char* source : source_names) {
      conducts_.try_emplace(source, options.interval);
    }
    problem_ = start(options);
  }
  ~Service() { server_.stop(); }

  const std::string& problem() const { return problem_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  const Conduct& conduct(const std::string& source) const { return conducts_.at(source); }

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
  std::string start(const SourceEmulatorOptions& options) {
    for (const std::string& path : options.records) {
      auto loaded = load_works(path);
      if (!loaded) return loaded.error();
      std::ranges::move(loaded->crossref, std::back_inserter(works_.crossref));
      std::ranges::move(loaded->datacite, std::back_inserter(works_.datacite));
      std::ranges::move(loaded->openalex, std::back_inserter(works_.openalex));
      std::ranges::move(loaded->dblp, std::back_inserter(works_.dblp));
    }
    if (auto set = set_faults(options.faults); !set) return set.error();
    return server_.start(0) ? "" : "no port can be listened on";
  }

  std::optional<Fault> next_fault(const std::string& source) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    const auto hit =
        std::ranges::find_if(faults_, [&](const Fault& fault) { return fault.hits(requests_, source); });
    return hit == faults_.end() ? std::nullopt : std::optional(*hit);
  }

  void handle(const httplib::Request& request, const std::string& body, httplib::Response& response) {
    const std::string_view path = request.path;
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string source(path.substr(std::min<std::size_t>(1, path.size()), end - 1));
    const auto conduct = conducts_.find(source);
    if (conduct == conducts_.end() || !body.empty()) {
      write_answer({.status = 404, .content_type = "text/plain", .body = "Not Found\n"}, response);
      return;
    }
    const std::string_view target = request.target;
    const Form form = Form::parse(target.substr(std::min(target.find('?'), target.size() - 1) + 1));
    Conduct::Request noted{.endpoint = source, .method = request.method, .target = request.target};
    noted.user_agent = request.get_header_value("User-Agent");
    noted.url_bytes = request.target.size();
    noted.batch = batch_of(source, form);
    conduct->second.request_started(noted, std::chrono::steady_clock::now());
    const std::optional<Fault> fault = next_fault(source);
    const Distortion distortion = distortion_of(fault);
    const std::string_view rest = path.substr(end);
    Answer answer = source == "crossref"   ? answer_crossref(works_, rest, form, distortion)
                    : source == "datacite" ? answer_datacite(works_, rest, form, distortion)
                    : source == "openalex" ? answer_openalex(works_, rest, form, distortion)
                                           : answer_dblp(works_, rest, form, distortion);
    const Outcome outcome = write_answer(std::move(answer), fault, request, server_, response);
    conduct->second.request_answered(noted, outcome.status, outcome.good, outcome.retry_after,
                                     std::chrono::steady_clock::now());
  }

  Works works_;
  std::map<std::string, Conduct> conducts_;  // filled before the server starts
  std::string problem_;
  std::mutex mutex_;
  std::vector<Fault> faults_;
  std::uint64_t requests_ = 0;
  LoopbackServer server_;  // the last member: its threads use the others
};

SourceEmulator::SourceEmulator(SourceEmulatorOptions options)
    : service_(std::make_unique<Service>(std::move(options))) {}
SourceEmulator::~SourceEmulator() = default;

const std::string& SourceEmulator::problem() const { return service_->problem(); }
std::string SourceEmulator::crossref_url() const { return service_->url() + "/crossref"; }
std::string SourceEmulator::datacite_url() const { return service_->url() + "/datacite"; }
std::string SourceEmulator::dblp_url() const { return service_->url() + "/dblp"; }
std::string SourceEmulator::openalex_url() const { return service_->url() + "/openalex"; }

tl::expected<void, std::string> SourceEmulator::set_faults(const std::vector<std::string>& specifications) {
  return service_->set_faults(specifications);
}

ConductReport SourceEmulator::report(const std::string& source) const {
  return service_->conduct(source).report();
}

std::size_t SourceEmulator::requests() const {
  std::size_t sum = 0;
  for (const char* source : source_names) sum += report(source).requests;
  return sum;
}

}  // namespace bibsmith::emulator
