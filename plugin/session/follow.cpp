#include "plugin/session/follow.hpp"

#include <optional>
#include <utility>

#include "plugin/session/file_look.hpp"
#include "plugin/session/file_store.hpp"
#include "plugin/session/sync_pull.hpp"

namespace bibsmith::plugin {

namespace {

class Follower {
 public:
  Follower(const SyncRequest& request, const OpenLibrary& open, const ChangeContext& context,
           const Followed& told)
      : request_(request), open_(open), context_(context), told_(told) {}

  void run() {
    while (!context_.stop.stop_requested()) {
      if (!library_ && !reach()) {
        context_.clock->sleep_for(follow_pause, context_.stop);
        continue;
      }
      if (is_due()) sync();
      hear();
    }
  }

 private:
  // Another connection, after which everything may have changed.
  bool reach() {
    auto opened = open_();
    if (opened) {
      if (auto listening = opened->listen(request_.library); !listening) {
        opened = tl::unexpected(listening.error());
      }
    }
    if (!opened) {
      lose(opened.error().message);
      return false;
    }
    library_.emplace(std::move(*opened));
    is_away_ = false;
    library_changed_ = true;
    settled_.reset();
    return true;
  }

  void lose(const std::string& why) {
    library_.reset();
    if (!std::exchange(is_away_, true)) told_(tl::unexpected(SyncError{why}));
  }

  bool is_due() {
    const FileLook look = FileLook::at(request_.file);
    const bool is_at_rest = look == std::exchange(seen_, look);
    if (!was_synced_) return true;
    if (!look.is_there) return false;
    if (looks_to_retry_ > 0 && --looks_to_retry_ == 0) return true;
    return look == synced_ ? library_changed_ : is_at_rest;
  }

  void sync() {
    // As is_due() saw it, and no look of now: a sync that finds nothing new in the library does not read the
    // file.
    const FileLook before = seen_;
    if (before != synced_) settled_.reset();  // the file is news, so that the library's alone are not enough
    library_changed_ = false;
    was_synced_ = true;
    auto answer = pulled_or_synced();
    synced_ = before;
    settled_.reset();
    looks_to_retry_ = answer ? 0 : follow_pause / follow_looks;
    if (answer) {
      revision_ = answer->revision;
      // If the file is what the sync left there is nothing to look for in it. The look comes first: what is
      // written behind it is seen by the next one.
      const FileLook after = FileLook::at(request_.file);
      const auto text = read_file(request_.file);
      if (text && *text && *text == answer->settled_text) {
        seen_ = synced_ = after;
        // A conflict is for a whole sync to see again.
        if (answer->conflicts.empty() && answer->problems.empty())
          settled_ = SettledSync{std::move(**text), answer->revision};
      }
    }
    const std::string why = answer ? std::string() : answer.error().message;
    if (answer || (library_->is_open() && why != told_error_)) told_(answer);
    told_error_ = why;
  }

  // What changed in the library alone, where that is all.
  tl::expected<SyncAnswer, SyncError> pulled_or_synced() {
    if (settled_ && request_.keep_file.empty() && request_.keep_library.empty()) {
      auto pulled = pull_changes(request_, *library_, context_, *settled_);
      if (!pulled) return tl::unexpected(pulled.error());
      if (*pulled) return std::move(**pulled);
    }
    return sync_file(request_, *library_, context_);
  }

  void hear() {
    const auto news = library_->wait(follow_looks);
    if (!news) return lose(news.error().message);
    if (*news && **news > revision_) library_changed_ = true;
  }

  const SyncRequest& request_;
  const OpenLibrary& open_;
  const ChangeContext& context_;
  const Followed& told_;
  std::optional<fetchers::PostgresLibrary> library_;
  bool is_away_ = false;  // and that was told
  bool library_changed_ = true;
  bool was_synced_ = false;
  std::int64_t looks_to_retry_ = 0;  // of a sync that failed; 0: it did not
  std::string told_error_;           // of it
  std::int64_t revision_ = 0;        // of the library, as the file has it
  std::optional<SettledSync> settled_;
  FileLook seen_;    // by the look before
  FileLook synced_;  // the file as it was when it was synced last
};

}  // namespace

void follow_library(const SyncRequest& request, const OpenLibrary& open, const ChangeContext& context,
                    const Followed& told) {
  Follower(request, open, context, told).run();
}

}  // namespace bibsmith::plugin
