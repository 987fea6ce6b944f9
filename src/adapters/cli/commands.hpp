#pragma once

#include "arguments.hpp"
#include "cli/command_line.hpp"

namespace rag::cli {

/// What a command that asks the application has.
struct Session {
    ApiClient& api;
    const Terminal& terminal;
    bool json = false;
    std::string store = {};                  // Which one it is, for people.
    std::function<bool()> interrupted = {};  // As of `Program`.
};

int ingest(const Session& session, const IngestArguments& arguments);
int search(const Session& session, const GivenParameters& given);
int show(const Session& session, const ShowArguments& arguments);
int list(const Session& session, const GivenParameters& given);
int remove(const Session& session, const DeleteArguments& arguments);
int verify(const Session& session);
int eval(const Session& session, const std::string& questions_file, const TokenCounter& counter);

/// 0 if http://HOST:PORT/readyz says 200.
int healthcheck(const Config& config, const Terminal& terminal);

}  // namespace rag::cli
