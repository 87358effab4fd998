#include "plugin/json/json_document.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace bibsmith::plugin {

namespace {

constexpr auto replace = nlohmann::detail::error_handler_t::replace;

}  // namespace

JsonDocument::JsonDocument(nlohmann::ordered_json&& value)
    : value_(std::make_unique<nlohmann::ordered_json>(std::move(value))) {}

JsonDocument JsonDocument::null() { return JsonDocument(nlohmann::ordered_json()); }

JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

std::string JsonDocument::pretty() const { return value_->dump(2, ' ', false, replace) + '\n'; }

std::string JsonDocument::compact() const { return value_->dump(-1, ' ', false, replace); }

}  // namespace bibsmith::plugin
