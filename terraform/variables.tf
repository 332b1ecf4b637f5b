variable "docker_host" {
  description = "Address of the Docker engine, such as unix:///var/run/docker.sock or ssh://user@host. Null follows the provider: DOCKER_HOST, else the local socket."
  type        = string
  default     = null

  validation {
    condition     = var.docker_host == null || can(regex("^(unix|tcp|ssh|npipe)://.+", var.docker_host))
    error_message = "docker_host must be null or begin with unix://, tcp://, ssh:// or npipe://."
  }
}

variable "image_name" {
  description = "Name of the image that is built, without a tag: the tag is the hash of what it is built from."
  type        = string
  default     = "crosspatch"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", var.image_name))
    error_message = "image_name must consist of lower-case letters and digits, with single dots, dashes, underscores or slashes between them, and have no tag."
  }
}

variable "base_image" {
  description = "Image that the Dockerfile builds on: any with Python 3.11 or newer at python3."
  type        = string
  default     = "python:3.13-slim"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][A-Za-z0-9._/:@-]*$", var.base_image))
    error_message = "base_image must be the name of an image, such as python:3.13-slim."
  }
}

variable "container_name" {
  description = "Name of the container; its volume is named after it."
  type        = string
  default     = "crosspatch"
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$", var.container_name))
    error_message = "container_name must have two or more letters, digits, underscores, dots or dashes, the first a letter or digit."
  }
}

variable "bind_address" {
  description = "Address of the Docker host on which the port is published. 127.0.0.1 keeps it to the host itself, 0.0.0.0 opens it to the network."
  type        = string
  default     = "127.0.0.1"
  nullable    = false

  validation {
    condition     = can(cidrhost("${var.bind_address}/32", 0))
    error_message = "bind_address must be an IPv4 address, such as 127.0.0.1 or 0.0.0.0."
  }
}

variable "port" {
  description = "TCP port of the Docker host on which the service answers."
  type        = number
  default     = 8080
  nullable    = false

  validation {
    condition     = var.port >= 1 && var.port <= 65535 && floor(var.port) == var.port
    error_message = "port must be a whole number from 1 to 65535."
  }
}

variable "memory_mb" {
  description = "Memory of the container in MB; swap is not added to it."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory_mb >= 256 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb must be a whole number of at least 256: the service itself takes about 110, a large photograph 180 more."
  }
}

variable "cpus" {
  description = "How many processors' worth of time the container may use; parts of one are allowed."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.cpus >= 0.1 && var.cpus <= 1024
    error_message = "cpus must be from 0.1 to 1024."
  }
}

variable "settings" {
  description = "Settings of the service by variable name, such as { CROSSPATCH_LOG_LEVEL = \"debug\" }; `crosspatch serve --help` lists them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.settings) : can(regex("^CROSSPATCH_[A-Z0-9]+(_[A-Z0-9]+)*$", name))])
    error_message = "Every name in settings must begin with CROSSPATCH_ and go on in capitals, digits and single underscores."
  }

  validation {
    condition     = length(setintersection(keys(var.settings), ["CROSSPATCH_HOST", "CROSSPATCH_PORT"])) == 0
    error_message = "CROSSPATCH_HOST and CROSSPATCH_PORT are those inside the container: use bind_address and port."
  }
}

variable "log_options" {
  description = "Options of Docker's json-file log driver. They bound the disk that logs take, and are explicit because a daemon's own would show as a change on every plan."
  type        = map(string)
  default     = { "max-size" = "10m", "max-file" = "3" }
  nullable    = false

  validation {
    condition     = alltrue([for name in ["max-size", "max-file"] : contains(keys(var.log_options), name)])
    error_message = "log_options must bound the log: give max-size and max-file."
  }
}
