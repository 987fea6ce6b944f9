#include "unknown_words.hpp"

#include <algorithm>
#include <array>

#include "infrastructure/nearest_name.hpp"

namespace rag::cli {
namespace {

/// What other programs call our commands.
struct OtherWord {
    std::string_view word;
    const char* command;
};
constexpr std::array kOtherWords = {
    OtherWord{"add", "ingest"},
    OtherWord{"store", "ingest"},
    OtherWord{"load", "ingest"},
    OtherWord{"find", "search"},
    OtherWord{"query", "search"},
    OtherWord{"grep", "search"},
    OtherWord{"ls", "list"},
    OtherWord{"get", "show"},
    OtherWord{"cat", "show"},
    OtherWord{"rm", "delete"},
    OtherWord{"remove", "delete"},
    OtherWord{"start", "serve"},
    OtherWord{"run", "serve"},
    OtherWord{"stdio", "mcp"},
    OtherWord{"check", "verify"},
    OtherWord{"env", "config"},
    OtherWord{"health", "healthcheck"},
};

bool is_option(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

/// "--port" of "--port=9".
std::string name_of_option(const std::string& word) { return word.substr(0, word.find('=')); }

bool takes_next_word(const CLI::App& app, const std::string& word) {
    if (word.find('=') != std::string::npos) return false;
    const CLI::Option* option = app.get_option_no_throw(word);
    return option != nullptr && option->get_items_expected_max() > 0;
}

/// The words that are neither options of the program nor their values.
std::vector<std::string> plain_words(const CLI::App& app, const std::vector<std::string>& words) {
    std::vector<std::string> plain;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        if (!is_option(words[i])) {
            plain.push_back(words[i]);
        } else if (takes_next_word(app, words[i])) {
            ++i;
        }
    }
    return plain;
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return names;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
    for (const CLI::App* command : app.get_subcommands({})) {
        if (command->get_name() == name) return command;
    }
    return nullptr;
}

std::string meant(const std::string& name) {
    return name.empty() ? std::string() : "; did you mean `" + name + "`?";
}

std::string command_that_was_meant(const CLI::App& app, const std::string& word) {
    for (const OtherWord& other : kOtherWords) {
        if (other.word == word && find_command(app, other.command) != nullptr) {
            return other.command;
        }
    }
    return name_that_was_meant(word, names_of_commands(app));
}

}  // namespace

std::string unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
    const CLI::App* within = &app;
    std::string path;
    for (const std::string& word : plain_words(app, words)) {
        if (within->get_subcommands({}).empty()) break;
        const CLI::App* command = find_command(*within, word);
        if (command == nullptr) {
            return "unknown command '" + path + word + "'" +
                   meant(command_that_was_meant(*within, word));
        }
        within = command;
        path += word + " ";
    }
    return {};
}

std::string unknown_option(const CLI::App& app, const std::vector<std::string>& words) {
    std::vector<const CLI::App*> places = {&app};
    for (const std::string& word : plain_words(app, words)) {
        const CLI::App* command = find_command(*places.back(), word);
        if (command == nullptr) break;
        places.push_back(command);
    }
    std::vector<std::string> names;
    for (const CLI::App* place : places) {
        for (const CLI::Option* option : place->get_options()) {
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
    }
    for (const std::string& word : words) {
        if (word == "--") break;
        const std::string name = name_of_option(word);
        if (!name.starts_with("--") || std::ranges::find(names, name) != names.end()) continue;
        return "unknown option " + name + meant(name_that_was_meant(name, names));
    }
    return {};
}

}  // namespace rag::cli
