#include "plugin/extend/plugin_file.hpp"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace bibsmith::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view program_prefix = "bibsmith-plugin-";
constexpr std::string_view object_suffix = ".so";

bool is_object(const fs::path& file) { return file.extension() == object_suffix; }

std::string name_of(const fs::path& file) {
  std::string name = file.stem().string();
  for (const std::string_view prefix : {program_prefix, std::string_view("lib")}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return name;
}

PluginFile plugin_at(const std::string& path) {
  PluginFile file;
  file.name = name_of(path);
  std::error_code error;
  file.path = fs::canonical(path, error).string();
  if (error) {
    file.path = path;
    file.problem = path + ": no such file";
    return file;
  }
  file.kind = is_object(file.path) ? PluginFile::Kind::shared_object : PluginFile::Kind::program;
  if (!fs::is_regular_file(file.path, error)) {
    file.problem = file.path + " is no file";
  } else if (file.kind == PluginFile::Kind::program && ::access(file.path.c_str(), X_OK) != 0) {
    file.problem = file.path + " may not be executed";
  } else {
    file.problem = trust_problem(file.path);
  }
  return file;
}

PluginFile plugin_called(const std::string& name, const std::vector<std::string>& directories) {
  for (const std::string& directory : directories) {
    for (const std::string& file : {name + ".so", "lib" + name + ".so", std::string(program_prefix) + name,
                                    std::string(program_prefix) + name + ".py"}) {
      std::error_code ignored;
      const std::string path = directory + '/' + file;
      if (fs::exists(path, ignored)) return plugin_at(path);
    }
  }
  PluginFile file;
  file.name = name;
  file.problem = "no plugin of that name is in a plugin folder";
  return file;
}

std::vector<std::string> plugins_in(const std::string& directory) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& file = entry->path();
    if (is_object(file) || file.filename().string().starts_with(program_prefix)) out.push_back(file.string());
    if (out.size() > plugins_max) break;
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace

std::vector<PluginFile> find_plugins(const PluginSettings& settings) {
  std::vector<PluginFile> found;
  const auto add = [&](PluginFile file) {
    const bool is_known = std::ranges::find(found, file.name, &PluginFile::name) != found.end();
    if (!is_known && found.size() < plugins_max) found.push_back(std::move(file));
  };
  for (const std::string& one : settings.path) {
    std::error_code ignored;
    if (!fs::is_directory(one, ignored)) {
      add(plugin_at(one));
      continue;
    }
    for (const std::string& file : plugins_in(one)) add(plugin_at(file));
  }
  for (const std::string& one : settings.load) {
    add(one.starts_with('/') ? plugin_at(one) : plugin_called(one, settings.directories));
  }
  return found;
}

std::string trust_problem(const std::string& path) {
  std::error_code error;
  fs::path part = fs::canonical(path, error);
  if (error) return path + ": no such file";
  for (;; part = part.parent_path()) {
    struct stat status {};
    if (::stat(part.c_str(), &status) != 0) return part.string() + " cannot be looked at";
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) return part.string() + " belongs to another user";
    const bool others_may_write = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    const bool is_sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    if (others_may_write && !is_sticky) return part.string() + " may be written by other users";
    if (part == part.root_path()) return {};
  }
}

}  // namespace bibsmith::plugin
