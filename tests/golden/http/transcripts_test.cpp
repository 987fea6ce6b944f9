#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "served_world.hpp"

/// Runs the transcripts of this folder; README.md tells how they are written.
namespace rag::test {
namespace {

using nlohmann::json;

struct Step {
    std::string request_line;  // "GET /search?q=x"
    std::string headers;
    std::string body;
    bool has_body = false;
    int status = 0;
    std::vector<std::string> expectations;
};

std::vector<std::string> columns_of(const std::string& line) {
    std::vector<std::string> columns;
    std::size_t begin = 0;
    while (begin < line.size()) {
        const std::size_t end = std::min(line.find("  ", begin), line.size());
        if (end > begin) columns.push_back(line.substr(begin, end - begin));
        begin = std::min(line.find_first_not_of(' ', end), line.size());
    }
    return columns;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// "\xNN" becomes a byte; JSON itself has no such escape.
std::string with_bytes(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\\x") == 0) {
            out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool is_status(const std::string& column) {
    return column.size() == 3 && column.find_first_not_of("0123456789") == std::string::npos;
}

Step parse_step(const std::string& line, const std::filesystem::path& folder) {
    const std::vector<std::string> columns = columns_of(line);
    Step step;
    step.request_line = with_bytes(columns.at(0));
    std::size_t next = 1;
    for (; next < columns.size() && !is_status(columns[next]); ++next) {
        const std::string& column = columns[next];
        if (column.starts_with('[') && column.ends_with(']') &&
            column.find(": ") != std::string::npos && !column.starts_with("[{")) {
            step.headers += column.substr(1, column.size() - 2) + "\r\n";
            continue;
        }
        step.has_body = true;
        step.body =
            column.starts_with('@') ? read_file(folder / column.substr(1)) : with_bytes(column);
    }
    step.status = std::stoi(columns.at(next));
    step.expectations.assign(
        columns.begin() + static_cast<std::ptrdiff_t>(next) + 1, columns.end()
    );
    return step;
}

std::string request_of(const Step& step) {
    std::string request = step.request_line + " HTTP/1.1\r\nHost: localhost\r\n" + step.headers;
    const bool batch = step.request_line.find("/ingest/batch") != std::string::npos;
    if (step.has_body && step.headers.find("Content-Type: ") == std::string::npos) {
        request +=
            batch ? "Content-Type: application/x-ndjson\r\n" : "Content-Type: application/json\r\n";
    }
    if (step.has_body) request += "Content-Length: " + std::to_string(step.body.size()) + "\r\n";
    return request + "\r\n" + step.body;
}

/// The value at "results[0].text"; nullopt: there is none.
std::optional<json> value_at(const json& root, std::string path) {
    json node = root;
    std::replace(path.begin(), path.end(), '[', '.');
    std::erase(path, ']');
    std::istringstream parts(path);
    for (std::string part; std::getline(parts, part, '.');) {
        if (part.empty()) continue;
        const bool index = part.find_first_not_of("0123456789") == std::string::npos;
        if (part == "length" && node.is_structured()) {
            node = json(node.size());
        } else if (index && node.is_array() && std::stoul(part) < node.size()) {
            node = json(node[std::stoul(part)]);
        } else if (node.is_object() && node.contains(part)) {
            node = json(node[part]);
        } else {
            return std::nullopt;
        }
    }
    return node;
}

void check(const std::string& expectation, const std::string& answer) {
    const bool contains = expectation.find(" ~ ") != std::string::npos;
    const std::size_t sign = expectation.find(contains ? " ~ " : " = ");
    ASSERT_NE(sign, std::string::npos) << "not an expectation: " << expectation;
    const std::string path = expectation.substr(0, sign);
    const std::string wanted = expectation.substr(sign + 3);

    std::optional<json> found;
    if (path.starts_with("header.")) {
        const std::string header = header_of(answer, path.substr(7));
        if (!header.empty()) found = json(header);
    } else {
        found = value_at(json::parse(body_of(answer)), path);
    }
    if (wanted == "absent") {
        EXPECT_FALSE(found) << expectation;
        return;
    }
    ASSERT_TRUE(found) << "nothing at " << path << "\n" << answer;
    if (contains) {
        EXPECT_THAT(
            found->get<std::string>(), ::testing::HasSubstr(json::parse(wanted).get<std::string>())
        );
    } else {
        EXPECT_EQ(*found, json::parse(wanted)) << path << "\n" << answer;
    }
}

class Transcript : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(Transcript, IsAnsweredAsWritten) {
    ServedWorld served;
    std::ifstream file(GetParam());
    int steps = 0;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        SCOPED_TRACE("line " + std::to_string(number) + ": " + line);
        const Step step = parse_step(line, GetParam().parent_path());

        const std::string answer = served.exchange(request_of(step));

        EXPECT_EQ(status_of(answer), step.status) << answer;
        for (const std::string& expectation : step.expectations) check(expectation, answer);
        ++steps;
    }
    EXPECT_GT(steps, 0);
}

std::vector<std::filesystem::path> transcripts() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(TRANSCRIPTS)) {
        if (entry.path().extension() == ".txt") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

INSTANTIATE_TEST_SUITE_P(
    Rest,
    Transcript,
    ::testing::ValuesIn(transcripts()),
    [](const auto& parameter) { return parameter.param.stem().string(); }
);

}  // namespace
}  // namespace rag::test
