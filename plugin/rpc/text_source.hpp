#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "plugin/rpc/parameters.hpp"

namespace bibsmith::plugin {

// Where a method's text comes from: "text" as it is, or the file that "file" names. With both, "file" is the
// name that the text goes by: an editor's buffer.
class TextSource {
 public:
  explicit TextSource(Parameters& parameters);

  const std::string& name() const { return name_; }
  // Reads the file, if there is no text.
  tl::expected<std::string, RpcError> read() const;

 private:
  std::string name_;
  std::optional<std::string> text_;
};

// The whole file; that there is none is an error.
tl::expected<std::string, RpcError> read_text(const std::string& path);

}  // namespace bibsmith::plugin
