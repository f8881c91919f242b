"""The guard, tried: nights of five kinds of sites in which nothing happens, and forty ways in which a site breaks."""
