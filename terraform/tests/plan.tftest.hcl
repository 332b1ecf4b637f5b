# What a plan alone can tell, with a mocked provider: no Docker engine is asked. `terraform test` runs these.

mock_provider "docker" {}

run "the_container_can_do_nothing_that_it_need_not" {
  command = plan

  assert {
    condition     = docker_container.crosspatch.read_only
    error_message = "the root file system must be read-only"
  }
  assert {
    condition     = one(docker_container.crosspatch.capabilities).drop == toset(["ALL"])
    error_message = "every capability must be dropped"
  }
  assert {
    condition     = length(coalesce(one(docker_container.crosspatch.capabilities).add, [])) == 0
    error_message = "no capability may be added"
  }
  assert {
    condition     = docker_container.crosspatch.security_opts == toset(["no-new-privileges:true"])
    error_message = "no program may gain privileges"
  }
  assert {
    condition     = docker_container.crosspatch.user == "10001:10001"
    error_message = "the user must be a number, and not root's"
  }
  assert {
    condition     = coalesce(docker_container.crosspatch.privileged, false) == false
    error_message = "the container must not be privileged"
  }
  assert {
    condition     = docker_container.crosspatch.memory == 512 && docker_container.crosspatch.memory_swap == 512
    error_message = "memory must be bounded, without swap"
  }
  assert {
    condition     = docker_container.crosspatch.cpu_quota == 2 * docker_container.crosspatch.cpu_period
    error_message = "processor time must be bounded"
  }
  assert {
    condition     = one(docker_container.crosspatch.ulimit).name == "nproc" && one(docker_container.crosspatch.ulimit).hard == 512
    error_message = "processes must be bounded"
  }
  assert {
    condition     = alltrue([for option in ["noexec", "nosuid", "nodev", "size=128m"] : strcontains(docker_container.crosspatch.tmpfs["/tmp"], option)])
    error_message = "/tmp must be a bounded tmpfs from which nothing runs"
  }
  assert {
    condition     = docker_container.crosspatch.log_opts == tomap({ "max-size" = "10m", "max-file" = "3" })
    error_message = "logs must be bounded"
  }
}

run "the_port_is_published_to_the_host_itself_only" {
  command = plan

  assert {
    condition     = length(docker_container.crosspatch.ports) == 1
    error_message = "one port is enough"
  }
  assert {
    condition     = docker_container.crosspatch.ports[0].ip == "127.0.0.1" && docker_container.crosspatch.ports[0].external == 8080 && docker_container.crosspatch.ports[0].internal == 8080
    error_message = "port 8080 must be bound to 127.0.0.1"
  }
  assert {
    condition     = output.url == "http://localhost:8080"
    error_message = "the url must lead there"
  }
}

run "the_container_is_watched_and_stops_gracefully" {
  command = plan

  assert {
    condition     = docker_container.crosspatch.healthcheck[0].test == tolist(["CMD", "/opt/crosspatch/bin/python", "-m", "crosspatch.web.health"])
    error_message = "the health check must run without a shell"
  }
  assert {
    condition     = docker_container.crosspatch.wait && docker_container.crosspatch.restart == "unless-stopped" && docker_container.crosspatch.init
    error_message = "an apply must wait for health, and the container must restart"
  }
  assert {
    condition     = docker_container.crosspatch.stop_timeout == 15 && docker_container.crosspatch.destroy_grace_seconds == 15
    error_message = "there must be time to drain"
  }
}

run "the_store_is_a_volume" {
  command = plan

  assert {
    condition     = one(docker_container.crosspatch.volumes).volume_name == docker_volume.store.name && one(docker_container.crosspatch.volumes).container_path == "/var/lib/crosspatch"
    error_message = "the volume must be mounted"
  }
  assert {
    condition     = contains(docker_container.crosspatch.env, "CROSSPATCH_STORE=/var/lib/crosspatch")
    error_message = "the service must keep pictures there"
  }
}

run "what_is_asked_for_is_done" {
  command = plan

  variables {
    bind_address   = "0.0.0.0"
    port           = 9000
    container_name = "patches"
    image_name     = "registry.example/patches"
    base_image     = "example:1"
    memory_mb      = 1024
    cpus           = 0.5
    settings       = { CROSSPATCH_STORE = "redis://store:6379/0", CROSSPATCH_LOG_LEVEL = "debug" }
    log_options    = { "max-size" = "1m", "max-file" = "1", "compress" = "true" }
  }

  assert {
    condition     = docker_container.crosspatch.ports[0].ip == "0.0.0.0" && docker_container.crosspatch.ports[0].external == 9000 && docker_container.crosspatch.ports[0].internal == 8080
    error_message = "the port must be the one asked for, outside"
  }
  assert {
    condition     = docker_container.crosspatch.name == "patches" && docker_volume.store.name == "patches-store"
    error_message = "the names must follow"
  }
  assert {
    condition     = startswith(docker_image.crosspatch.name, "registry.example/patches:") && one(docker_image.crosspatch.build).build_args == tomap({ BASE = "example:1" })
    error_message = "the image must be named and based as asked"
  }
  assert {
    condition     = docker_container.crosspatch.memory == 1024 && docker_container.crosspatch.memory_swap == 1024 && docker_container.crosspatch.cpu_quota == 50000
    error_message = "the limits must be those asked for"
  }
  assert {
    condition = length(setintersection(docker_container.crosspatch.env, [
      "CROSSPATCH_STORE=redis://store:6379/0", "CROSSPATCH_LOG_LEVEL=debug", "CROSSPATCH_STORE=/var/lib/crosspatch"
    ])) == 2
    error_message = "settings must win over the defaults"
  }
  assert {
    condition     = docker_container.crosspatch.log_opts["compress"] == "true"
    error_message = "log options must be those asked for"
  }
  assert {
    condition     = output.url == "http://localhost:9000"
    error_message = "the url must follow the port"
  }
}

run "the_image_is_built_from_the_repository" {
  command = plan

  assert {
    condition     = length(setsubtract(["Dockerfile", ".dockerignore", "requirements.txt", "pyproject.toml", "src/crosspatch/web/health.py"], local.sources)) == 0
    error_message = "what the image is made of must be hashed"
  }
  assert {
    condition     = alltrue([for name in local.sources : !strcontains(name, "__pycache__") && !startswith(name, "tests/")])
    error_message = "what is not in the image must not rebuild it"
  }
  assert {
    condition     = can(regex("^crosspatch:[0-9a-f]{12}$", docker_image.crosspatch.name)) && docker_image.crosspatch.triggers["sources"] == local.sources_hash
    error_message = "the hash must name and trigger the build"
  }
}

run "faulty_values_are_refused" {
  command = plan

  variables {
    docker_host    = "/var/run/docker.sock"
    image_name     = "Crosspatch:latest"
    base_image     = "python 3"
    container_name = "-"
    bind_address   = "localhost"
    port           = 65536
    memory_mb      = 64
    cpus           = 0
    settings       = { PATH = "/tmp" }
    log_options    = {}
  }

  expect_failures = [
    var.docker_host, var.image_name, var.base_image, var.container_name, var.bind_address,
    var.port, var.memory_mb, var.cpus, var.settings, var.log_options,
  ]
}

run "a_port_is_whole" {
  command = plan

  variables {
    port = 80.5
  }

  expect_failures = [var.port]
}

run "the_address_inside_is_not_a_setting" {
  command = plan

  variables {
    settings = { CROSSPATCH_PORT = "80" }
  }

  expect_failures = [var.settings]
}
