#include "plugin/rpc/text_source.hpp"

#include <utility>

#include "plugin/session/file_store.hpp"

namespace bibsmith::plugin {

TextSource::TextSource(Parameters& parameters)
    : name_(parameters.maybe_text("file").value_or("")), text_(parameters.maybe_text("text")) {
  if (name_.empty() && !text_) parameters.refuse("text", "or 'file' must be given");
  if (name_.empty()) name_ = "text";
}

tl::expected<std::string, RpcError> TextSource::read() const {
  if (!text_) return read_text(name_);
  if (text_->size() <= bib_file_bytes_max) return *text_;
  return tl::unexpected(RpcError{RpcCode::invalid_params, "the text is larger than 256 MiB", {}});
}

tl::expected<std::string, RpcError> read_text(const std::string& path) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(rpc_error_of(text.error()));
  if (!*text) return tl::unexpected(RpcError{RpcCode::file, path + ": no such file", {}});
  return std::move(**text);
}

}  // namespace bibsmith::plugin
