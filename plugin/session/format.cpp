#include "plugin/session/format.hpp"

#include <utility>
#include <vector>

#include "bibtex/edit/reformat.hpp"
#include "plugin/session/unified_diff.hpp"

namespace bibsmith::plugin {

namespace {

bibtex::Layout layout_of(const bibtex::Document& document, const FormatOptions& options) {
  bibtex::Layout layout;
  layout.style = bibtex::measure_style(document);
  if (options.indent) {
    layout.style.indent = *options.indent;
    layout.style.has_fields_on_lines = true;
  }
  if (options.equals_column) {
    layout.style.equals_column = *options.equals_column;
    layout.style.value_column = 0;
    layout.style.blanks_before_equals = 1;
    layout.style.blanks_after_equals = 1;
    layout.style.has_fields_on_lines = true;
  }
  if (options.has_quotes) {
    layout.style.has_quotes = *options.has_quotes;
    layout.sets_delimiters = true;
  }
  if (options.word_case) {
    layout.style.type_case = *options.word_case;
    layout.style.name_case = *options.word_case;
    layout.sets_case = true;
  }
  return layout;
}

struct Formatted {
  FormatAnswer answer;
  std::vector<LabelledEdit> edits;
};

std::vector<LabelledEdit> label(const bibtex::Document& document, std::vector<bibtex::TextEdit> edits) {
  std::vector<LabelledEdit> labelled;
  labelled.reserve(edits.size());
  for (bibtex::TextEdit& edit : edits) {
    LabelledEdit one;
    one.key = document.text(document.block_at(edit.span.begin).key);
    one.reason = "format.layout";
    one.edit = std::move(edit);
    labelled.push_back(std::move(one));
  }
  return labelled;
}

tl::expected<Formatted, FileError> format_text(const std::string& path, const bibtex::Document& document,
                                               const FormatOptions& options) {
  const auto refused = [&](std::string why) {
    return tl::unexpected(FileError{FileError::Code::refused, path + ": " + std::move(why)});
  };
  if (auto why = why_not_read(document)) return refused(*std::move(why));
  const bibtex::Layout layout = layout_of(document, options);
  std::vector<bibtex::TextEdit> edits = bibtex::reformat(document, layout);
  Formatted formatted;
  if (edits.empty()) return formatted;
  auto changed = bibtex::apply_edits(document.text(), edits);
  if (!changed) return refused(changed.error().message);
  if (!bibtex::is_same_content(document, FileText::bib(*std::move(changed)).document(), layout)) {
    return refused("the new layout would not say the same; the file is as it was, please report it");
  }
  formatted.answer.changes = true;
  formatted.answer.diff = unified_diff(path, document.text(), edits);
  formatted.edits = label(document, std::move(edits));
  return formatted;
}

}  // namespace

tl::expected<FormatAnswer, FileError> plan_format(const std::string& path, const FormatOptions& options) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return tl::unexpected(FileError{FileError::Code::not_found, path + ": no such file"});
  auto formatted = format_text(path, FileText::bib(*std::move(*text)).document(), options);
  if (!formatted) return tl::unexpected(formatted.error());
  return std::move(formatted->answer);
}

tl::expected<FormatAnswer, FileError> format_file(const std::string& path, const FormatOptions& options,
                                                  const ChangeContext& context) {
  auto answer = plan_format(path, options);
  if (!answer || !answer->changes) return answer;
  const auto plan = [&](const FileText& text) -> tl::expected<std::vector<LabelledEdit>, FileError> {
    auto formatted = format_text(path, text.document(), options);
    if (!formatted) return tl::unexpected(formatted.error());
    answer = std::move(formatted->answer);
    return std::move(formatted->edits);
  };
  const auto changed = change_file(path, "format", context, plan);
  if (!changed) return tl::unexpected(changed.error());
  return answer;
}

}  // namespace bibsmith::plugin
