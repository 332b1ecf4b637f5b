output "url" {
  description = "Where the page is, seen from the Docker host."
  value       = "http://${contains(["127.0.0.1", "0.0.0.0"], var.bind_address) ? "localhost" : var.bind_address}:${var.port}"
}

output "container_name" {
  description = "Name of the container, for docker logs and docker stats."
  value       = docker_container.crosspatch.name
}

output "image_id" {
  description = "Id of the image that runs."
  value       = docker_image.crosspatch.image_id
}
