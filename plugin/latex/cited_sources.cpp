#include "plugin/latex/cited_sources.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>
#include <unordered_set>
#include <utility>

#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t worth_threads = 32;  // files
constexpr unsigned threads_max = 8;

// A file that is to be read.
struct Job {
  std::string path;
  std::string root;  // the folder of the source that was given
  SourceFormat format = SourceFormat::tex;
  bool only_bibliographies = false;  // it is the main document of a part, not read with it
  bool is_given = false;             // and not found by name
};

// What was found in it.
struct ReadFile {
  std::vector<std::pair<std::string, std::uint32_t>> keys;  // each once, with its place
  std::vector<std::string> defined;
  SourceScan scan;  // without spans
  bool was_read = false;
  std::string problem;
};

ReadFile read(const Job& job, std::atomic<std::uint64_t>& bytes) {
  ReadFile out;
  std::error_code error;
  const std::uint64_t size = fs::file_size(job.path, error);
  if (!error && (size > source_bytes_max || bytes.fetch_add(size) + size > sources_bytes_max)) {
    out.problem = job.path + (size > source_bytes_max ? " is larger than 64 MiB: not read"
                                                      : ": the sources are larger than 2 GiB: not read");
    return out;
  }
  const auto text = read_file(job.path);
  if (!text) {
    out.problem = text.error().message;
    return out;
  }
  if (!*text) {
    out.problem = job.path + ": no such file";
    return out;
  }
  out.was_read = true;
  out.scan = scan_source(**text, job.format);
  std::unordered_set<std::string_view> seen;
  for (const bibtex::Span& span : out.scan.keys) {
    if (seen.insert(span.in(**text)).second)
      out.keys.emplace_back(key_of(out.scan, **text, span), span.begin);
  }
  for (const bibtex::Span& span : out.scan.defined) out.defined.emplace_back(span.in(**text));
  out.scan.keys.clear();
  out.scan.defined.clear();
  return out;
}

std::vector<ReadFile> read_all(const std::vector<Job>& jobs, std::atomic<std::uint64_t>& bytes) {
  std::vector<ReadFile> files(jobs.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) files[i] = read(jobs[i], bytes);
  };
  std::vector<std::jthread> others;
  if (jobs.size() >= worth_threads) {
    const unsigned threads = std::min(std::thread::hardware_concurrency(), threads_max);
    for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  }
  work();
  return files;
}

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().string(); }

std::string joined(const std::string& folder, const std::string& name) {
  if (folder.empty() || name.starts_with('/')) return fs::path(name).lexically_normal().string();
  return (fs::path(folder) / name).lexically_normal().string();
}

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_inside(const std::string& path, const std::string& root) {
  const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
      fs::absolute(root.empty() ? "." : root).lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

class Reading {
 public:
  explicit Reading(std::span<const std::string> bibliography_folders) : folders_(bibliography_folders) {}

  CitedSources run(std::span<const std::string> paths) {
    std::vector<Job> jobs;
    for (const std::string& path : paths) {
      const auto format = source_format(path);
      if (!format) {
        out_.problems.push_back(path + ": is none of .tex, .aux, .bcf, .md, .typ and .org: not read");
        continue;
      }
      add_job(jobs, {path, folder_of(path), *format, false, true});
    }
    std::atomic<std::uint64_t> bytes = 0;
    while (!jobs.empty()) {  // each time what the last ones name
      std::vector<ReadFile> files = read_all(jobs, bytes);
      std::vector<Job> named;
      for (std::size_t i = 0; i < jobs.size(); ++i) take(jobs[i], std::move(files[i]), named);
      jobs = std::move(named);
    }
    return std::move(out_);
  }

 private:
  void add_job(std::vector<Job>& jobs, Job job) {
    if (!known_.insert({job.path, job.only_bibliographies}).second) return;
    if (known_.size() > sources_max) {
      if (known_.size() == sources_max + 1) {
        out_.problems.push_back(job.path + ": more than 20,000 sources: the rest is not read");
      }
      return;
    }
    jobs.push_back(std::move(job));
  }

  void take(const Job& job, ReadFile file, std::vector<Job>& named) {
    if (!file.problem.empty()) out_.problems.push_back(std::move(file.problem));
    if (!file.was_read) return;
    if (!job.only_bibliographies) {
      out_.sources.push_back({job.path, job.is_given || is_inside(job.path, job.root)});
      out_.formats.insert(job.format);
      for (auto& [key, offset] : file.keys) {
        if (key != "*" && keys_.insert(key).second) out_.cited.push_back({std::move(key), job.path, offset});
      }
      for (std::string& name : file.defined) out_.defined.insert(std::move(name));
      out_.cites_all |= file.scan.cites_all;
    }
    out_.is_biblatex |= file.scan.is_biblatex;
    out_.has_active_colons |= file.scan.has_active_colons;
    for (const NamedFile& name : file.scan.files) {
      if (name.role == NamedFile::Role::bibliography) {
        add_bibliography(job, name.name);
      } else if (auto source = find_source(job, name)) {
        add_job(named, *std::move(source));
      }
    }
  }

  std::optional<Job> find_source(const Job& job, const NamedFile& name) const {
    std::vector<std::string> names;
    if (job.format == SourceFormat::tex && !name.name.ends_with(".tex")) names.push_back(name.name + ".tex");
    names.push_back(name.name);
    for (const std::string& one : names) {
      for (const std::string& folder : {job.root, folder_of(job.path)}) {
        std::string path = joined(folder, one);
        if (!is_file(path)) continue;
        // TeX reads any file; what it cites is in those of its kind.
        const auto format = source_format(path);
        if (format && *format != job.format) return std::nullopt;
        const bool is_main = name.role == NamedFile::Role::main_of_part;
        const std::string root = is_main ? folder_of(path) : job.root;
        return Job{std::move(path), root, job.format, job.only_bibliographies || is_main, false};
      }
    }
    return std::nullopt;
  }

  void add_bibliography(const Job& job, std::string name) {
    constexpr std::size_t bibliographies_max = 1000;
    const bool is_markup = job.format == SourceFormat::markdown || job.format == SourceFormat::typst ||
                           job.format == SourceFormat::org;
    if (!name.ends_with(".bib")) {
      if (is_markup) return;  // CSL-JSON, YAML: not ours to read
      name += ".bib";
    }
    if (out_.bibliographies.size() >= bibliographies_max) return;
    std::vector<std::string> folders{job.root, folder_of(job.path), ""};
    folders.insert(folders.end(), folders_.begin(), folders_.end());
    NamedBibliography bibliography{joined(job.root, name), false, true};
    for (const std::string& folder : folders) {
      const std::string path = joined(folder, name);
      if (!is_file(path)) continue;
      bibliography.path = path;
      bibliography.exists = true;
      break;
    }
    bibliography.is_inside = is_inside(bibliography.path, job.root);
    if (bibliographies_.insert(bibliography.path).second)
      out_.bibliographies.push_back(std::move(bibliography));
  }

  std::span<const std::string> folders_;
  std::set<std::pair<std::string, bool>> known_;
  std::unordered_set<std::string> keys_;
  std::set<std::string> bibliographies_;
  CitedSources out_;
};

}  // namespace

CitedSources read_sources(std::span<const std::string> paths,
                          std::span<const std::string> bibliography_folders) {
  return Reading(bibliography_folders).run(paths);
}

std::vector<std::string> folders_in(std::string_view search_path) {
  std::vector<std::string> folders;
  while (!search_path.empty()) {
    const std::size_t colon = std::min(search_path.find(':'), search_path.size());
    std::string_view folder = search_path.substr(0, colon);
    while (folder.size() > 1 && folder.ends_with('/')) folder.remove_suffix(1);
    if (!folder.empty()) folders.emplace_back(folder);
    search_path.remove_prefix(std::min(colon + 1, search_path.size()));
  }
  return folders;
}

}  // namespace bibsmith::plugin
