#include <memory>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "plugin/rpc/conversation.hpp"
#include "plugin/rpc/message_stream.hpp"
#include "plugin/rpc/methods.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace bibsmith::plugin;
using bibsmith::testing::TempDir;
using json = nlohmann::ordered_json;

namespace {

// Sessions without a network, in a folder of their own.
class Offline {
 public:
  Offline() : pool_([this] { return std::make_unique<Session>(settings(), Warn{}); }) {}

  SessionPool& pool() { return pool_; }
  std::string path(const char* name) const { return dir_ / name; }

  json result_of(std::string_view method, const json& parameters) {
    const auto session = pool_.take();
    const MethodResult result = call_method(method, parameters, {*session, {}, {}});
    if (!result)
      return {{"code", static_cast<int>(result.error().code)}, {"message", result.error().message}};
    return result->value();
  }

 private:
  Settings settings() const {
    Settings settings;
    settings.offline = true;
    settings.cache_dir = settings.state_dir = dir_ / "";
    return settings;
  }

  TempDir dir_;
  SessionPool pool_;
};

// What a client gets for its messages, in order.
std::vector<json> talk(const std::vector<std::string>& messages) {
  Offline world;
  std::vector<json> answers;
  Conversation conversation(world.pool(),
                            [&](const std::string& text) { answers.push_back(json::parse(text)); });
  for (const std::string& message : messages) conversation.receive(message);
  conversation.finish();
  return answers;
}

// The messages in what a client wrote, and the problem at the end.
struct Read {
  std::vector<std::string> messages;
  std::string problem;
};

Read read_all(std::string_view bytes, std::size_t bytes_max = 1000) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::jthread writer([&] {
    write_all(ends[1], bytes, {});
    ::close(ends[1]);
  });
  MessageReader reader(ends[0], bytes_max);
  Read read;
  for (auto message = reader.next({});; message = reader.next({})) {
    if (!message) {
      read.problem = message.error().problem;
      break;
    }
    read.messages.push_back(*message);
  }
  writer.join();
  ::close(ends[0]);
  return read;
}

}  // namespace

TEST_CASE("a method's parameters are checked before anything is done") {
  Offline world;
  CHECK(world.result_of("bibsmith/none", {})["code"] == -32601);
  CHECK(world.result_of("bibsmith/id.parse", json::array())["message"] ==
        "the parameters must be an object with names");
  CHECK(world.result_of("bibsmith/id.parse", {})["message"] == "parameter 'text': is missing");
  CHECK(world.result_of("bibsmith/id.parse", {{"text", 1}})["message"] == "parameter 'text': must be a text");
  CHECK(world.result_of("bibsmith/id.parse", {{"text", "1706.03762"}, {"x\n", 1}})["message"] ==
        "parameter 'x?': this method has none of that name");
  CHECK(world.result_of("bibsmith/convert", {{"text", ""}, {"to", "word"}})["message"] ==
        "parameter 'to': must be one of bibtex, biblatex, csl-json, ris, hayagriva, or a plugin's");
  CHECK(world.result_of("bibsmith/bib.parse", json::object())["message"] ==
        "parameter 'text': or 'file' must be given");
  CHECK(world.result_of("bibsmith/entry.get", {{"ids", {"1706.03762", 2}}})["message"] ==
        "parameter 'ids': must be a text or a list of texts");
}

TEST_CASE("every method has a name of its own and refuses what it does not know") {
  Offline world;
  for (const Method& method : methods()) {
    CAPTURE(method.name);
    CHECK(find_method(method.name) == &method);
    const json answer = world.result_of(method.name, {{"no such parameter", 1}});
    CHECK(answer["code"] == -32602);
  }
}

TEST_CASE("identifiers are read in every form") {
  Offline world;
  CHECK(world.result_of("bibsmith/id.parse", {{"text", "https://arxiv.org/pdf/hep-th/9901001v2"}})["id"] ==
        "hep-th/9901001v2");
  CHECK(world.result_of("bibsmith/id.parse", {{"text", "doi:10.1103/PhysRevD.76.013009"}}) ==
        json{{"kind", "doi"},
             {"id", "10.1103/PhysRevD.76.013009"},
             {"url", "https://doi.org/10.1103/PhysRevD.76.013009"}});
  CHECK(world.result_of("bibsmith/id.parse", {{"text", "1734.00001"}})["kind"].is_null());
}

TEST_CASE("a text is parsed, checked and converted without a file") {
  Offline world;
  const std::string text =
      "@string{j = \"J. Th.\"}\n@article{a, title = {On \\'e}, journal = j, year = 2001}\n";
  const json parsed = world.result_of("bibsmith/bib.parse", {{"text", text}});
  REQUIRE(parsed["entries"].size() == 1);
  CHECK(parsed["entries"][0]["key"] == "a");
  CHECK(parsed["entries"][0]["line"] == 2);
  CHECK(parsed["entries"][0]["fields"]["journal"] == "J. Th.");
  const json entry = parsed["entries"][0];
  CHECK(text.substr(entry["offset"], entry["length"]).starts_with("@article{a"));

  const json checked = world.result_of("bibsmith/bib.check", {{"text", text}, {"file", "refs.bib"}});
  CHECK(checked["files"][0]["file"] == "refs.bib");
  CHECK(checked["files"][0]["findings"].size() > 0);  // no author

  const json verified = world.result_of("bibsmith/bib.verify", {{"text", text}, {"keys", {"a"}}});
  REQUIRE(verified["entries"].size() == 1);
  CHECK(verified["entries"][0]["key"] == "a");
  CHECK(verified["entries"][0]["verdict"] == "could_not_verify");
  CHECK(verified["could_not_ask"].size() > 0);
  CHECK(world.result_of("bibsmith/bib.verify", {{"text", text}, {"keys", {"b"}}})["entries"].empty());
  const json list = {{"text", "[1] A. Roe. On Keys. 2001."}, {"file", "list.txt"}, {"keys", {"b"}}};
  CHECK(world.result_of("bibsmith/bib.verify", list)["entries"].empty());

  const json converted = world.result_of("bibsmith/convert", {{"text", text}, {"to", "csl-json"}});
  CHECK(converted["entries"] == 1);
  CHECK(json::parse(converted["text"].get<std::string>())[0]["title"] == "On é");
}

TEST_CASE("keys are made, and citations are found") {
  Offline world;
  const json keys =
      world.result_of("bibsmith/key.generate",
                      {{"text", "@misc{x, author={Ann Lee}, year=1999}"}, {"pattern", "[auth:lower][year]"}});
  CHECK(keys == json{{"keys", {{{"key", "x"}, {"new_key", "lee1999"}}}}});
  CHECK(world.result_of("bibsmith/key.generate", {{"text", ""}, {"pattern", "[auth"}})["code"] == -32602);
  const json citations = world.result_of("bibsmith/tex.scan", {{"text", "\\cite{a,b} % \\cite{c}"}});
  CHECK(citations["citations"].size() == 2);
  CHECK(citations["citations"][1] == json{{"key", "b"}, {"offset", 8}, {"length", 1}});
}

TEST_CASE("files are changed as the commands change them, and taken back") {
  Offline world;
  const std::string file = world.path("refs.bib");
  const std::string text = "@misc{x, author={Ann Lee}, year=1999}\n";
  const auto write = [&](const std::string& bytes) {
    std::FILE* out = std::fopen(file.c_str(), "w");
    std::fputs(bytes.c_str(), out);
    std::fclose(out);
  };
  const auto key = [&] {
    return world.result_of("bibsmith/bib.parse", {{"file", file}})["entries"][0]["key"].get<std::string>();
  };
  write(text);
  const json wanted{{"file", file}, {"pattern", "[auth:lower][year]"}, {"dry_run", true}};
  CHECK(world.result_of("bibsmith/bib.keys", wanted)["renamed"].size() == 1);
  CHECK(key() == "x");
  CHECK(world.result_of("bibsmith/bib.keys",
                        {{"file", file}, {"pattern", "[auth:lower][year]"}})["written"] == true);
  CHECK(key() == "lee1999");
  CHECK(world.result_of("bibsmith/bib.history", {{"file", file}})["changes"].size() == 1);
  CHECK(world.result_of("bibsmith/bib.undo", {{"file", file}})["written"] == true);
  CHECK(key() == "x");
  CHECK(world.result_of("bibsmith/bib.undo", {{"file", world.path("none.bib")}})["code"] == -32014);
}

TEST_CASE("what could not be asked is in the result, and no error") {
  Offline world;
  const json answer = world.result_of("bibsmith/entry.get", {{"ids", "1706.03762"}});
  CHECK(answer["entries"].empty());
  CHECK(answer["not_found"].empty());
  CHECK(answer["could_not_ask"][0]["code"] == "offline");
  CHECK(world.result_of("bibsmith/search", {{"title", "x"}})["code"] == -32013);
  CHECK(world.result_of("bibsmith/author", {{"who", "Ann Lee"}})["code"] == -32013);
  CHECK(world.result_of("bibsmith/author", {{"who", "lee_a_1"}})["code"] == -32013);
  CHECK(world.result_of("bibsmith/author", json::object())["code"] == -32602);
  CHECK(world.result_of("bibsmith/author", {{"ids", {"1706.03762"}}, {"include", {"x"}}})["code"] == -32602);
}

TEST_CASE("JSON-RPC: requests, notifications, batches and what is none") {
  const auto answers = talk({
      R"({"jsonrpc":"2.0","id":"a","method":"bibsmith/id.parse","params":{"text":"1706.03762"}})",
      R"({"jsonrpc":"2.0","method":"bibsmith/status"})",
      R"([{"jsonrpc":"2.0","id":null,"method":"bibsmith/none"},{"jsonrpc":"2.0","method":"x"},3])",
      R"([{"jsonrpc":"2.0","method":"x"}])",
      "[]",
      "{",
      R"({"jsonrpc":"1.0","id":5,"method":"x"})",
      R"({"jsonrpc":"2.0","id":{},"method":"x"})",
      R"({"jsonrpc":"2.0","id":7})",
      std::string(100, '[') + std::string(100, ']'),
  });
  REQUIRE(answers.size() == 8);
  CHECK(answers[0]["id"] == "a");
  CHECK(answers[0]["result"]["base"] == "1706.03762");
  REQUIRE(answers[1].size() == 2);
  CHECK(answers[1][0]["error"]["code"] == -32601);
  CHECK(answers[1][1]["error"]["code"] == -32600);
  CHECK(answers[2]["error"]["code"] == -32600);
  CHECK(answers[3]["error"]["code"] == -32700);
  CHECK(answers[4]["id"] == 5);
  CHECK(answers[5]["error"]["message"] == "an id is a text, a number or null");
  CHECK(answers[6]["error"]["code"] == -32600);
  CHECK(answers[7]["error"]["code"] == -32600);
}

TEST_CASE("a request that waits is cancelled by its id, and progress carries its token") {
  // One message, so that the requests wait together whatever the threads do.
  const auto answers = talk({
      R"([{"jsonrpc":"2.0","id":1,"method":"bibsmith/entry.get","params":{"ids":["1706.03762"],"progress_token":"p"}},)"
      R"({"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}},)"
      R"({"jsonrpc":"2.0","id":2,"method":"bibsmith/id.parse","params":{"text":"1706.03762"}}])",
  });
  const json& batch = answers.back();
  REQUIRE(batch.size() == 2);
  CHECK((batch[0].contains("result") || batch[0]["error"]["code"] == -32800));
  CHECK(batch[1]["id"] == 2);
}

TEST_CASE("messages on lines and behind headers") {
  CHECK(read_all("\n {\"a\":1}\r\n\n[2]\n{\"c\":3}").messages ==
        std::vector<std::string>{"{\"a\":1}", "[2]", "{\"c\":3}"});
  CHECK(read_all("Content-Length: 2\r\n\r\n{}content-length:3\nX-Y: z\n\n[1]").messages ==
        std::vector<std::string>{"{}", "[1]"});
  CHECK(read_all("").problem.empty());
  CHECK(read_all("Content-Length: 2\r\n\r\n{").problem == "the stream ends inside a message");
  CHECK(read_all("Content-Length: 2\r\n").problem == "the stream ends inside a header");
  CHECK(read_all("Content-Length: 1001\r\n\r\n").problem == "a message of more bytes than are taken");
  CHECK(read_all("Content-Length: -1\r\n\r\n").problem == "a Content-Length that is no number of bytes");
  CHECK(read_all("Content-Length: 99999999999999999999\r\n\r\n").problem ==
        "a Content-Length that is no number of bytes");
  CHECK(read_all("X: y\r\n\r\n").problem == "a header without Content-Length");
  CHECK(read_all("nonsense\r\n").problem == "a line of a header without a colon");
  CHECK(read_all("X: " + std::string(9000, 'y')).problem == "a header that does not end");
  CHECK(read_all("{" + std::string(2000, 'x') + "\n").problem == "a message of more bytes than are taken");
  const std::string large = "{\"a\":\"" + std::string(900, 'x') + "\"}";
  std::string many;
  for (int i = 0; i < 300; ++i) many += framed(large, i % 2 == 0 ? Framing::header : Framing::header);
  CHECK(read_all(many).messages == std::vector<std::string>(300, large));
}

TEST_CASE("a reader that waits ends when it is asked to stop") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::stop_source stop;
  std::jthread other([&] { stop.request_stop(); });
  MessageReader reader(ends[0], 1000);
  CHECK(reader.next(stop.get_token()).error().problem.empty());
  for (const int end : ends) ::close(end);
}

TEST_CASE("plugins that nobody has named are not there") {
  Offline world;
  CHECK(world.result_of("bibsmith/plugin.list", {})["plugins"].empty());
  CHECK(world.result_of("bibsmith/convert", {{"text", ""}, {"from", "word"}, {"to", "ris"}})["message"] ==
        "parameter 'from': no plugin reads the format");
  CHECK(world.result_of("bibsmith/key.generate", {{"text", ""}, {"keygen", "house"}})["message"] ==
        "no plugin of that name makes keys");
  CHECK(world.result_of("bibsmith/entry.get", {{"ids", "house:7"}})["invalid"].size() == 1);
}

TEST_CASE(
    "tex.resolve says which citations could not be had, and makes the bibliography that the source names") {
  Offline world;
  bibsmith::testing::write_file(world.path("main.aux"),
                                "\\citation{arXiv:1706.03762,knuth}\n\\bibdata{auto}\n");
  const json answer = world.result_of("bibsmith/tex.resolve", {{"sources", {world.path("main.aux")}}});
  CHECK(answer["file"] == world.path("auto.bib"));
  CHECK(answer["changed"] == true);
  CHECK(answer["added"].empty());
  CHECK(answer["unresolved"] == json::array({{{"asked", "arXiv:1706.03762"}, {"id", "1706.03762"}}}));
  CHECK(world.result_of("bibsmith/tex.resolve", json::object())["code"] == -32602);
  CHECK(world.result_of("bibsmith/tex.resolve", {{"sources", {"a.tex"}}, {"locked", true}})["code"] ==
        -32602);
}
