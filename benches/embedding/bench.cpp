/// The engine as benches/embedding/run.py drives it, one command a line on standard input:
///
///   chunks FILE          embeds the texts of FILE (each ends in NUL); prints the seconds
///   queries COUNT TEXT   embeds TEXT so often; prints the milliseconds of each
///   vectors FILE OUT     writes the vectors of the texts as chunks, then as queries (raw floats)
///   peak                 prints the FMA peak in GF/s
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "embeddings/factory.hpp"
#include "peak.hpp"

namespace {

using Clock = std::chrono::steady_clock;

class Session {
public:
    Session(std::unique_ptr<rag::EmbeddingProvider> provider, std::size_t threads)
        : provider_(std::move(provider)), threads_(threads) {}

    bool ready() const {
        while (provider_->status().state == rag::EmbeddingState::loading) {
            std::this_thread::yield();
        }
        return provider_->status().state == rag::EmbeddingState::ready;
    }

    std::string run(const std::string& line) {
        std::istringstream words(line);
        std::string command, file;
        words >> command;
        if (command == "peak") return std::to_string(rag::bench::fma_peak(threads_));
        if (command == "queries") return queries(words);
        words >> file;
        if (command == "chunks") return chunks(texts_of(file));
        words >> command;
        return vectors(texts_of(file), command);
    }

private:
    static std::vector<std::string> texts_of(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        std::vector<std::string> texts;
        for (std::string text; std::getline(file, text, '\0');) texts.push_back(std::move(text));
        return texts;
    }

    template <class T>
    T await(rag::Task<rag::Result<T>> task) {
        std::optional<rag::Result<T>> answer;
        boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr, rag::Result<T> result) {
            answer = std::move(result);
        });
        io_.restart();
        io_.run();
        if (answer && *answer) return std::move(**answer);
        std::cerr << (answer ? answer->error().message : "no answer") << '\n';
        std::exit(1);
    }

    static rag::CallContext in_an_hour() {
        return rag::CallContext::of_default_tenant(Clock::now() + std::chrono::hours(1));
    }

    std::string chunks(std::vector<std::string> texts) {
        const auto start = Clock::now();
        await(provider_->embed_chunks(std::move(texts), in_an_hour()));
        return std::to_string(std::chrono::duration<double>(Clock::now() - start).count());
    }

    std::string queries(std::istringstream& words) {
        std::size_t count = 0;
        std::string text, times;
        words >> count;
        std::getline(words >> std::ws, text);
        for (std::size_t i = 0; i < count; ++i) {
            const auto start = Clock::now();
            await(provider_->embed_query(text, in_an_hour()));
            const std::chrono::duration<double, std::milli> took = Clock::now() - start;
            times += std::to_string(took.count()) + ' ';
        }
        return times;
    }

    std::string vectors(const std::vector<std::string>& texts, const std::string& path) {
        std::ofstream file(path, std::ios::binary);
        const auto write = [&](const std::vector<float>& vector) {
            file.write(
                reinterpret_cast<const char*>(vector.data()),
                static_cast<std::streamsize>(vector.size() * sizeof(float))
            );
        };
        for (const auto& chunk : await(provider_->embed_chunks(texts, in_an_hour())))
            write(chunk.vector);
        for (const auto& text : texts)
            write(await(provider_->embed_query(text, in_an_hour())).vector);
        return "done";
    }

    std::unique_ptr<rag::EmbeddingProvider> provider_;
    std::size_t threads_;
    boost::asio::io_context io_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: embedding_bench MODEL_FOLDER THREADS\n";
        return 2;
    }
    const std::size_t threads = std::strtoul(argv[2], nullptr, 10);
    auto provider =
        rag::make_local_embedding_provider({.model_folder = argv[1], .threads = threads});
    if (!provider) {
        std::cerr << provider.error().message << '\n';
        return 1;
    }
    Session session(std::move(*provider), threads);
    if (!session.ready()) {
        std::cerr << "the model cannot be loaded\n";
        return 1;
    }
    for (std::string line; std::getline(std::cin, line);)
        std::cout << session.run(line) << std::endl;
    return 0;
}
