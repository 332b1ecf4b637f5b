# The image is built from the repository that this directory lies in; the container runs it with nothing that it does
# not need. SECURITY.md says why each restriction is there.

locals {
  root = "${path.module}/.."

  # What the image is built from: Dockerfile, .dockerignore, and what that lets in. Listed, so that a change elsewhere
  # rebuilds nothing; sorted and without bytecode, so that the hash is the same on every machine.
  sources = sort([
    for name in setunion(
      fileset(local.root, "{Dockerfile,.dockerignore,requirements.txt,requirements-build.txt}"),
      fileset(local.root, "{pyproject.toml,README.md,LICENSE,CHANGELOG.md}"),
      fileset(local.root, "src/**"),
    ) : name if !strcontains(name, "__pycache__")
  ])
  sources_hash = sha256(join("\n", [for name in local.sources : "${name} ${filesha256("${local.root}/${name}")}"]))

  store_path = "/var/lib/crosspatch"
  # The volume is not memory, so the store may be larger than the image's default of 64 MiB.
  settings = merge({
    CROSSPATCH_STORE           = local.store_path
    CROSSPATCH_STORE_MAX_BYTES = tostring(512 * 1024 * 1024)
  }, var.settings)

  labels      = { "app" = "crosspatch", "managed-by" = "terraform" }
  stop_s      = 15 # the service drains for 8
  cpu_period  = 100000
  processes   = 512
  healthcheck = { interval = "3s", timeout = "2s", start_period = "10s", retries = 3 }
  tmpfs       = { "/tmp" = "rw,noexec,nosuid,nodev,size=128m,mode=1777" }
}

resource "docker_image" "crosspatch" {
  # A name of its own for each build: the provider removes an image by its name, and with a shared one a new image would
  # go in place of the old. When a build fails, the old image is still there.
  name = "${var.image_name}:${substr(sha256("${local.sources_hash} ${var.base_image}"), 0, 12)}"

  build {
    context    = local.root
    build_args = { BASE = var.base_image }
  }

  triggers = {
    sources = local.sources_hash
    base    = var.base_image
    name    = var.image_name # a mere change of name would be looked up in a registry, not built
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "docker_volume" "store" {
  name = "${var.container_name}-store"

  dynamic "labels" {
    for_each = local.labels
    content {
      label = labels.key
      value = labels.value
    }
  }
}

# What Docker or the provider cannot change in a running container, or changes without telling: a change here replaces
# the container.
resource "terraform_data" "settings" {
  input = sha256(jsonencode({
    cpus        = var.cpus
    healthcheck = local.healthcheck
    memory_mb   = var.memory_mb
    stop_s      = local.stop_s
    tmpfs       = local.tmpfs
  }))
}

resource "docker_container" "crosspatch" {
  name  = var.container_name
  image = docker_image.crosspatch.image_id # the name would not tell when it is built anew
  user  = "10001:10001"
  env   = [for name, value in local.settings : "${name}=${value}"]

  ports {
    internal = 8080
    external = var.port
    ip       = var.bind_address
  }

  read_only     = true
  security_opts = ["no-new-privileges:true"]
  init          = true
  tmpfs         = local.tmpfs

  capabilities {
    drop = ["ALL"]
  }

  volumes {
    volume_name    = docker_volume.store.name
    container_path = local.store_path
  }

  memory      = var.memory_mb
  memory_swap = var.memory_mb # both together: no swap
  # What `cpus` means, in whole numbers: read back as they were written, and no fault where the host has fewer processors.
  cpu_period = local.cpu_period
  cpu_quota  = floor(var.cpus * local.cpu_period)

  # The provider knows no limit of processes; this one is counted for the user.
  ulimit {
    name = "nproc"
    soft = local.processes
    hard = local.processes
  }

  # Durations stand as the provider reads them back ("90s" would come back as "1m30s", a change on every plan).
  healthcheck {
    test         = ["CMD", "/opt/crosspatch/bin/python", "-m", "crosspatch.web.health"]
    interval     = local.healthcheck.interval
    timeout      = local.healthcheck.timeout
    start_period = local.healthcheck.start_period
    retries      = local.healthcheck.retries
  }
  wait         = true
  wait_timeout = 60

  restart               = "unless-stopped"
  stop_timeout          = local.stop_s
  destroy_grace_seconds = local.stop_s # otherwise a replaced container is killed in the middle of its requests

  log_driver = "json-file"
  log_opts   = var.log_options

  dynamic "labels" {
    for_each = local.labels
    content {
      label = labels.key
      value = labels.value
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.settings]
    # Hosts without swap accounting report -1, which would show as a change on every plan.
    ignore_changes = [memory_swap]
  }
}
