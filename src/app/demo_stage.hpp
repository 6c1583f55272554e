/// \file
/// The demo's stage: broker, hub and tills as processes, with the files they write in one folder.
///
///     FOLDER/office/   keys and certificates of the chain, as `tillsight provision` makes them
///     FOLDER/broker/   log                          FOLDER/hub/     hub.toml, data/, log
///     FOLDER/T01/      till.toml, keys/, view.jpg (what is on the counter), till.db, log,
///                      till.url (of its page, where it has one)
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "app/child_process.hpp"
#include "app/till_client.hpp"
#include "tillsight/app/demo.hpp"

namespace tillsight::app {

class DemoStage {
 public:
  /// \return kFailedPrecondition or kNotFound naming what is missing and how to get it.
  static Result<DemoStage> set_up(const DemoSettings& settings);

  Status start_broker();
  void stop_broker() { broker_->stop(); }
  Status set_up_hub();
  Status start_hub();
  /// \return a client of the till, once it listens.
  Result<TillClient> start_till(const std::string& id, const StopSignals& stop);

  pid_t till_pid(const std::string& till) const { return tills_.at(till).pid(); }
  /// \return the address that opens the till's page; each holds once. \pre settings say serve.
  Result<std::string> page_of(const std::string& till) const;
  /// Waits for a stop. \return kUnavailable if a till ends before.
  Status wait_for_stop(const StopSignals& stop);

  /// Puts a photo before a till's camera; removes what lay there.
  Status put_on_counter(const std::string& till, const std::filesystem::path& photo) const;
  void clear_counter(const std::string& till) const;
  /// What the till's camera sees: a photo that is put there by renaming.
  std::filesystem::path view(const std::string& till) const {
    return settings_.folder / till / "view.jpg";
  }

  /// Ends tills, hub and broker, in this order: what is on its way still arrives.
  void stop_all();

  std::filesystem::path hub_settings() const { return settings_.folder / "hub" / "hub.toml"; }
  std::filesystem::path hub_data() const { return settings_.folder / "hub" / "data"; }
  std::filesystem::path till_journal(const std::string& till) const {
    return settings_.folder / till / "till.db";
  }

 private:
  explicit DemoStage(const DemoSettings& settings) : settings_(settings) {}
  Status provision() const;
  Status provision_till(const std::string& id) const;
  Status write(const std::filesystem::path& file, const std::string& content) const;
  /// Of till.toml; nothing, where there is no page.
  Result<std::string> web_section() const;
  std::filesystem::path office() const { return settings_.folder / "office"; }

  DemoSettings settings_;
  int port_ = 0;
  std::optional<ChildProcess> broker_;
  std::optional<ChildProcess> hub_;
  std::map<std::string, ChildProcess> tills_;
};

}  // namespace tillsight::app
